import { CustomErrorBase } from '@backstage/errors';

/**
 * Another replica moves an action on. Whoever gets it stops, asks nobody for
 * anything more, and writes nothing more.
 */
export class ClaimLostError extends CustomErrorBase {
  readonly name = 'ClaimLostError';

  constructor(actionId: string) {
    super(`The claim of action '${actionId}' has passed to another replica`);
  }
}
