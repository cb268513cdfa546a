import { EnvironmentDifference } from '@slipway/plugin-delivery-common';

/**
 * What is drawn between an environment and the one before it.
 *
 * - `coming`: the release before has still to come here.
 * - `ahead`: this environment is further than the one before.
 * - `different`: they differ, and nobody can say which is newer.
 * - `none`: nothing is drawn, because nothing differs or nothing is known; the
 *   status of the two cells says which.
 */
export type DifferenceMark = 'coming' | 'ahead' | 'different' | 'none';

/** What is drawn for a difference. */
export function differenceMark(
  release: EnvironmentDifference['release'] | undefined,
): DifferenceMark {
  switch (release) {
    case 'behind':
      return 'coming';
    case 'ahead':
      return 'ahead';
    case 'different':
      return 'different';
    case 'same':
    case 'unknown':
    case undefined:
      return 'none';
    default:
      throw new TypeError(`Unknown difference ${release satisfies never}`);
  }
}
