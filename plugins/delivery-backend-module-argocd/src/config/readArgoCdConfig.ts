import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';
import { Credential } from '../argocd/createCredentials';
import { readText } from './readText';
import { readToken } from './readToken';
import { readTrust } from './readTrust';

/** A configured Argo CD instance, checked and with every default filled in. */
export type ArgoCdInstanceConfig = {
  name: string;
  title: string;
  /** Path of its keys in the configuration, for messages. */
  path: string;
  /** Base URL of the API, without a slash at the end. */
  url: string;
  /** Base URL of the pages that people open, without a slash at the end. */
  pageUrl: string;
  credential: Credential;
  /** Token for acting; the instance is only read when absent. */
  actToken: string | undefined;
  /**
   * Certificates (PEM) of the only authorities that may have signed the
   * server's; those that Node.js trusts when absent.
   */
  ca: string | undefined;
  /** Milliseconds. */
  requestTimeout: number;
  /** Milliseconds. */
  relistInterval: number;
  maxConcurrentRequests: number;
};

const DEFAULT_REQUEST_TIMEOUT: HumanDuration = { seconds: 30 };
const DEFAULT_RELIST_INTERVAL: HumanDuration = { minutes: 10 };
const SHORTEST_RELIST_INTERVAL: HumanDuration = { seconds: 10 };
const DEFAULT_CONCURRENCY = 6;
/** One for applications, and one for commits. */
const LOWEST_CONCURRENCY = 2;
const HIGHEST_CONCURRENCY = 64;

/**
 * Reads the Argo CD instances from `argocd` in app-config.
 *
 * @returns the instances, and what was ignored and why
 * @throws InputError naming the full key path and the fix. It never holds the
 * value of a URL or a credential.
 */
export function readArgoCdConfig(root: Config): {
  instances: ArgoCdInstanceConfig[];
  warnings: string[];
} {
  const instances: ArgoCdInstanceConfig[] = [];
  const warnings: string[] = [];
  const argocd = root.getOptionalConfig('argocd');
  refuseLocalDevelopment(argocd);
  const methods = argocd?.getOptionalConfigArray('appLocatorMethods') ?? [];
  const pathByName = new Map<string, string>();
  for (const [methodIndex, method] of methods.entries()) {
    const methodPath = `argocd.appLocatorMethods[${methodIndex}]`;
    const type = method.getOptionalString('type');
    if (type !== 'config') {
      warnings.push(
        `${methodPath}.type: '${
          type ?? ''
        }' is not supported and the entry is ignored; list the instances below an entry with type 'config'`,
      );
      continue;
    }
    const configs = method.getOptionalConfigArray('instances') ?? [];
    for (const [index, config] of configs.entries()) {
      const path = `${methodPath}.instances[${index}]`;
      const instance = readInstance({
        config,
        path,
        defaults: argocd,
        warnings,
      });
      const other = pathByName.get(instance.name);
      if (other) {
        throw new InputError(
          `${path}.name: '${instance.name}' is the name of ${other} already; give every instance a name of its own`,
        );
      }
      pathByName.set(instance.name, path);
      instances.push(instance);
    }
  }
  return { instances, warnings };
}

/**
 * With this key another plugin switches the check of certificates off for the
 * whole process. Here it would do nothing, and the check would look broken.
 */
function refuseLocalDevelopment(argocd: Config | undefined): void {
  if (argocd?.getOptional('localDevelopment') === true) {
    throw new InputError(
      `argocd.localDevelopment: is not supported, because it stands for unchecked certificates; remove it, and give the certificate of each server's authority as caData or caFile of its instance`,
    );
  }
}

function readInstance(options: {
  config: Config;
  path: string;
  defaults: Config | undefined;
  warnings: string[];
}): ArgoCdInstanceConfig {
  const { config, path, defaults } = options;
  const name = readText(config, 'name', path);
  if (!name) {
    throw new InputError(
      `${path}.name: is missing; give the instance a name, such as 'main'`,
    );
  }
  const url = readUrl(config, 'url', path);
  if (!url) {
    throw new InputError(
      `${path}.url: is missing; give the base URL of the Argo CD server, such as https://argocd.example.com`,
    );
  }
  const credential = readCredential({ config, path, defaults });
  const { ca, warnings } = readTrust({ config, path, url });
  options.warnings.push(...warnings);
  return {
    name,
    title: readText(config, 'title', path) || name,
    path,
    url,
    pageUrl: readUrl(config, 'frontendUrl', path) ?? url,
    credential,
    actToken: readActToken({
      config,
      path,
      credential,
      warnings: options.warnings,
    }),
    ca,
    requestTimeout: readDuration({
      config,
      key: 'requestTimeout',
      path,
      fallback: DEFAULT_REQUEST_TIMEOUT,
      atLeast: { milliseconds: 1 },
    }),
    relistInterval: readDuration({
      config,
      key: 'relistInterval',
      path,
      fallback: DEFAULT_RELIST_INTERVAL,
      atLeast: SHORTEST_RELIST_INTERVAL,
    }),
    maxConcurrentRequests: readConcurrency(config, path),
  };
}

function readUrl(
  config: Config,
  key: string,
  path: string,
): string | undefined {
  const text = readText(config, key, path);
  if (!text) {
    return undefined;
  }
  const at = `${path}.${key}`;
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new InputError(
      `${at}: has no scheme; write it with https:// (or http://) in front`,
    );
  }
  if (!URL.canParse(text)) {
    throw new InputError(
      `${at}: is not a URL; write it like https://argocd.example.com`,
    );
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new InputError(`${at}: must begin with https:// or http://`);
  }
  if (url.username || url.password) {
    throw new InputError(
      `${at}: holds a user or password; remove it and set ${path}.token instead`,
    );
  }
  if (url.search || url.hash) {
    throw new InputError(
      `${at}: has a query or fragment; leave out everything from '?' or '#' on`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function readCredential(options: {
  config: Config;
  path: string;
  defaults: Config | undefined;
}): Credential {
  const { config, path, defaults } = options;
  const token = readToken(config, 'token', path);
  if (token) {
    return { type: 'token', token };
  }
  const own = readLogin(config, path);
  const login = own ?? (defaults && readLogin(defaults, 'argocd'));
  if (login) {
    return login;
  }
  throw new InputError(
    token === ''
      ? `${path}.token: is empty; is the environment variable that it comes from set?`
      : `${path}.token: is missing; create one with 'argocd account generate-token' (or set username and password)`,
  );
}

/** An empty one is a mistake: whoever names it wants to act. */
function readActToken(options: {
  config: Config;
  path: string;
  credential: Credential;
  warnings: string[];
}): string | undefined {
  const { config, path, credential, warnings } = options;
  const actToken = readToken(config, 'actToken', path);
  if (actToken === '') {
    throw new InputError(
      `${path}.actToken: is empty; is the environment variable that it comes from set? Remove the key to only read`,
    );
  }
  if (
    actToken !== undefined &&
    credential.type === 'token' &&
    credential.token === actToken
  ) {
    warnings.push(
      `${path}.actToken: is the same as ${path}.token, so whatever reads could also act; create a second account in Argo CD, and give 'sync' to that one only`,
    );
  }
  return actToken;
}

function readLogin(config: Config, path: string): Credential | undefined {
  const username = readText(config, 'username', path);
  const password = readText(config, 'password', path);
  if (!username && !password) {
    return undefined;
  }
  if (!username || !password) {
    const missing = username ? 'password' : 'username';
    throw new InputError(
      `${path}.${missing}: is missing or empty; username and password go together`,
    );
  }
  return { type: 'login', username, password };
}

function readDuration(options: {
  config: Config;
  key: string;
  path: string;
  fallback: HumanDuration;
  atLeast: HumanDuration;
}): number {
  const { config, key, path, fallback, atLeast } = options;
  if (!config.has(key)) {
    return durationToMilliseconds(fallback);
  }
  let milliseconds: number;
  try {
    milliseconds = durationToMilliseconds(
      readDurationFromConfig(config, { key }),
    );
  } catch {
    throw new InputError(
      `${path}.${key}: is not a duration; write it like { seconds: 30 }, '30s' or 'PT30S'`,
    );
  }
  const limit = durationToMilliseconds(atLeast);
  if (milliseconds < limit) {
    throw new InputError(
      `${path}.${key}: must be at least ${
        limit >= 1000 ? `${limit / 1000} seconds` : `${limit} millisecond`
      }`,
    );
  }
  return milliseconds;
}

function readConcurrency(config: Config, path: string): number {
  const value =
    config.getOptional('maxConcurrentRequests') ?? DEFAULT_CONCURRENCY;
  if (
    typeof value !== 'number' ||
    !Number.isInteger(value) ||
    value < LOWEST_CONCURRENCY ||
    value > HIGHEST_CONCURRENCY
  ) {
    throw new InputError(
      `${path}.maxConcurrentRequests: must be a whole number from ${LOWEST_CONCURRENCY} to ${HIGHEST_CONCURRENCY}`,
    );
  }
  return value;
}
