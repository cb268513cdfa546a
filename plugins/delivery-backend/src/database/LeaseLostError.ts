import { CustomErrorBase } from '@backstage/errors';

/**
 * Another replica has taken over an upstream. Whoever gets it stops, and writes
 * nothing more.
 */
export class LeaseLostError extends CustomErrorBase {
  readonly name = 'LeaseLostError';

  constructor(upstreamId: string) {
    super(
      `The lease of upstream '${upstreamId}' has passed to another replica`,
    );
  }
}
