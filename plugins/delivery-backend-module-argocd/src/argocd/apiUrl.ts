import { ArgoCdError } from './ArgoCdError';

/** Longer than any name or revision there is: Kubernetes' own limit. */
const LONGEST_PART = 253;

/** Query parameters; those that are `undefined` are left out altogether. */
export type Query = { [name: string]: string | undefined };

/**
 * Builds the path and query of a request below the base URL of an instance,
 * whose path (the server's `--rootpath`) is kept.
 *
 * Every part is percent-encoded. That does not help with `.` and `..`, which
 * URLs resolve even so; therefore the result must have exactly the path that
 * was put together, or an application called `..` would ask another API with
 * our credential.
 *
 * Absent parameters are absent: `refresh`, for one, refreshes and blocks
 * whatever its value, `false` and the empty string included.
 *
 * @throws ArgoCdError of kind `invalid-request` for a name that would leave the
 * path.
 */
export function apiUrl(options: {
  base: URL;
  /** Unencoded path parts below the base. */
  parts: readonly string[];
  query?: Query;
}): URL {
  const { base, parts, query = {} } = options;
  const prefix = base.pathname.replace(/\/+$/, '');
  const isName = parts.every(
    part =>
      part !== '' &&
      part.length <= LONGEST_PART &&
      !/\p{Surrogate}/u.test(part),
  );
  const path = isName
    ? `${prefix}/${parts.map(encodeURIComponent).join('/')}`
    : '';
  const url = new URL(path, base.origin);
  if (!isName || url.pathname !== path || url.origin !== base.origin) {
    throw new ArgoCdError({
      kind: 'invalid-request',
      message: 'The request was not sent: a name in it is not a name',
    });
  }
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      url.searchParams.set(name, value);
    }
  }
  return url;
}
