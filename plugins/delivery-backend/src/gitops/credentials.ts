/** What a repository, or all below a URL, is read and written with. */
export type GitCredential = {
  /** `http` or `https`; everything below it at a `/`. Without user and query. */
  url: string;
  username: string;
  token: string;
};

/** A repository that there is a credential for. */
export type KnownRepository = {
  /** Its URL without user, query and trailing slash. */
  url: string;
  credential: GitCredential;
};

/**
 * Finds the credential for a repository, or says why there is none.
 *
 * The URL of a repository comes from an Argo CD application, so whoever can make
 * one chooses it. It is only ever asked for when a configured URL is exactly its
 * scheme, host and port, and the beginning of its path at a `/`: no request goes
 * anywhere else, and no token to anybody else. Of several the longest one fits.
 */
export function findRepository(
  credentials: readonly GitCredential[],
  repoUrl: string,
): KnownRepository | { reason: string } {
  const repository = parseUrl(repoUrl);
  if (!repository) {
    return {
      reason: `The portal writes to repositories by https, and cannot write to ${nameOf(
        repoUrl,
      )}.`,
    };
  }
  const url = `${repository.origin}${trimSlashes(repository.pathname)}`;
  const [credential] = credentials
    .filter(one => isBelow(url, one.url))
    .sort((a, b) => b.url.length - a.url.length);
  return credential
    ? { url, credential }
    : {
        reason: `The portal has no credential for the repository ${url}. Whoever runs the portal can add one to delivery.gitops.credentials.`,
      };
}

/**
 * Whether a URL is another, or below it at a `/`. One repository is commonly
 * written with and without `.git`.
 */
export function isBelow(url: string, prefix: string): boolean {
  const one = new URL(url);
  const other = new URL(prefix);
  const path = trimSlashes(one.pathname);
  const start = trimSlashes(other.pathname);
  return (
    one.origin === other.origin &&
    // A server may read these as `..` and `/`, and so leave the prefix.
    !/%2e|%2f|%5c|%25/i.test(path) &&
    [start, `${start}.git`].some(
      beginning => path === beginning || path.startsWith(`${beginning}/`),
    )
  );
}

/** Leaves out user, password, query and fragment; only `http` and `https`. */
function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:'
    ? url
    : undefined;
}

function trimSlashes(path: string): string {
  return path.replace(/\/+$/, '');
}

/** A URL as it may be shown, even when it cannot be parsed. */
function nameOf(repoUrl: string): string {
  return repoUrl
    .replace(/^([a-z][a-z+.-]*:\/\/)[^/@]*@/i, '$1')
    .replace(/[?#].*$/, '');
}
