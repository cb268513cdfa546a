import { Commit } from '@slipway/plugin-delivery-common';
import { WireRevisionMetadata } from '../argocd/wire';

/** What Argo CD knows of a commit, with a link where the host is known. */
export function toCommit(options: {
  sha: string;
  repoUrl: string;
  metadata: WireRevisionMetadata;
}): Commit {
  const { sha, repoUrl, metadata } = options;
  return {
    sha,
    author: metadata.author || undefined,
    date: metadata.date,
    message: metadata.message || undefined,
    url: commitUrl({ sha, repoUrl }),
  };
}

/**
 * The page of a commit, for hosts whose addresses are public knowledge. Others
 * get no link rather than a guessed one.
 */
export function commitUrl(options: {
  sha: string;
  repoUrl: string;
}): string | undefined {
  const match =
    /^(?:https?:\/\/|ssh:\/\/git@|git@)([^/:]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/.exec(
      options.repoUrl,
    );
  if (!match) {
    return undefined;
  }
  const [, host, path] = match;
  switch (host) {
    case 'github.com':
      return `https://github.com/${path}/commit/${options.sha}`;
    case 'gitlab.com':
      return `https://gitlab.com/${path}/-/commit/${options.sha}`;
    case 'bitbucket.org':
      return `https://bitbucket.org/${path}/commits/${options.sha}`;
    default:
      return undefined;
  }
}
