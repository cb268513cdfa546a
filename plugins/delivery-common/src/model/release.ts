/**
 * A commit that a deployment was made from.
 *
 * @public
 */
export type Commit = {
  /** The full id. */
  sha: string;
  author?: string;
  /** When it was authored: ISO 8601, UTC. */
  date?: string;
  /** The whole message. */
  message?: string;
  /** Where to read it in a browser, when the repository's host is known. */
  url?: string;
};

/**
 * What kind of version a source's revision is. Only a `git` one is a commit:
 * chart versions and OCI digests are never shortened and link to no commit.
 *
 * @public
 */
export type RevisionKind = 'git' | 'helm' | 'oci';

/**
 * The revision of one source of an application. An application with several
 * sources has as many, in the order of its sources.
 *
 * @public
 */
export type SourceRevision = {
  kind: RevisionKind;
  /** Commit sha, chart version or OCI digest. */
  revision: string;
  repoUrl?: string;
  /** Known for `git` revisions whose commit could be read. */
  commit?: Commit;
};

/**
 * One immutable build of a service, as far as it is known.
 *
 * @public
 */
export type Release = {
  /** The image without tag and digest, such as `registry.example/checkout`. */
  image?: string;
  /** The image's tag. Two digests under one tag are two releases. */
  tag?: string;
  /** The image's digest, with its algorithm: `sha256:...`. */
  digest?: string;
  /** The revisions of the manifests that ask for it, one a source. */
  revisions: SourceRevision[];
};

/**
 * Whether two releases are the same build. Digests decide where both are known,
 * else image and tag; releases of which nothing is known are not the same.
 *
 * @public
 */
export function sameBuild(
  a: Release | undefined,
  b: Release | undefined,
): boolean {
  if (!a || !b) {
    return false;
  }
  if (a.digest && b.digest) {
    return a.digest === b.digest;
  }
  return a.tag !== undefined && a.tag === b.tag && a.image === b.image;
}

/**
 * The short name people call a release by: its tag, else its shortened digest,
 * else the revision (shortened if it is a commit). `undefined` when nothing is
 * known of it.
 *
 * @public
 */
export function releaseLabel(release: Release | undefined): string | undefined {
  if (!release) {
    return undefined;
  }
  if (release.tag) {
    return release.tag;
  }
  if (release.digest) {
    return release.digest.slice(0, 'sha256:'.length + 7);
  }
  const [first] = release.revisions;
  if (!first) {
    return undefined;
  }
  return first.kind === 'git' ? first.revision.slice(0, 7) : first.revision;
}
