import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { GitIdentity } from '../domain/revert/identity';
import { GitCredential } from '../gitops/credentials';

/** `delivery.gitops` of the configuration, read and checked. */
export type GitOpsConfig = {
  credentials: GitCredential[];
  committer?: GitIdentity;
};

/**
 * Reads `delivery.gitops`.
 *
 * @param config - `delivery` of the configuration.
 * @throws InputError that begins with the path of the key that is wrong.
 */
export function readGitOpsConfig(config: Config | undefined): GitOpsConfig {
  const credentials = (
    config?.getOptionalConfigArray('gitops.credentials') ?? []
  ).map((credential, index) =>
    readCredential(credential, `delivery.gitops.credentials[${index}]`),
  );
  credentials.forEach(({ url }, index) => {
    const first = credentials.findIndex(other => other.url === url);
    if (first !== index) {
      throw new InputError(
        `delivery.gitops.credentials[${index}].url: is that of delivery.gitops.credentials[${first}] already; keep one of them`,
      );
    }
  });
  const committer = config?.getOptionalConfig('gitops.committer');
  return {
    credentials,
    ...(committer && { committer: readCommitter(committer) }),
  };
}

function readCredential(config: Config, path: string): GitCredential {
  return {
    url: readUrl(config, `${path}.url`),
    username: readText(config, 'username', path),
    token: readText(config, 'token', path),
  };
}

/** The URL is in the message nowhere: somebody may have put a token into it. */
function readUrl(config: Config, path: string): string {
  const text = config.getOptionalString('url');
  const url =
    text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new InputError(
      `${path}: must be an http or https URL of a repository or of what is above it, such as https://git.example/platform`,
    );
  }
  if (url.username || url.password) {
    throw new InputError(
      `${path}: must not hold a user or a password; put them into username and token beside it`,
    );
  }
  if (url.search || url.hash) {
    throw new InputError(`${path}: must have no query and no fragment`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function readText(config: Config, key: string, path: string): string {
  const text = config.getOptionalString(key)?.trim();
  if (!text) {
    throw new InputError(
      `${path}.${key}: is missing; without it nothing can be written to the repository`,
    );
  }
  return text;
}

function readCommitter(config: Config): GitIdentity {
  const name = config.getOptionalString('name')?.trim() ?? '';
  const email = config.getOptionalString('email')?.trim() ?? '';
  if (!name || /[<>\p{Cc}]/u.test(name)) {
    throw new InputError(
      `delivery.gitops.committer.name: must be a name without angle brackets`,
    );
  }
  if (!/^[^\s<>@]+@[^\s<>@]+$/.test(email)) {
    throw new InputError(
      `delivery.gitops.committer.email: must be an e-mail address`,
    );
  }
  return { name, email };
}
