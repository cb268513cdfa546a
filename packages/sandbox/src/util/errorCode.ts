import { isError } from '@backstage/errors';

/**
 * Code of a system error, like `ENOENT`; undefined for anything else. Not by
 * `instanceof`: Node's own errors are of another realm in some test runners.
 */
export function errorCode(error: unknown): string | undefined {
  return isError(error) && typeof error.code === 'string'
    ? error.code
    : undefined;
}
