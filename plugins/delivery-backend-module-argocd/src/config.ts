import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';

/** A configured Argo CD instance, checked and with every default filled in. */
export type ArgoCdInstanceConfig = {
  name: string;
  title: string;
  /** Base URL of the API, without a slash at the end. */
  url: string;
  /** Base URL of the pages that people open, without a slash at the end. */
  pageUrl: string;
  credential:
    | { type: 'token'; token: string }
    | { type: 'login'; username: string; password: string };
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
      const instance = readInstance({ config, path, defaults: argocd });
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

function readInstance(options: {
  config: Config;
  path: string;
  defaults: Config | undefined;
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
  return {
    name,
    title: readText(config, 'title', path) || name,
    url,
    pageUrl: readUrl(config, 'frontendUrl', path) ?? url,
    credential: readCredential({ config, path, defaults }),
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

/** `undefined` when absent; an empty text, which `${UNSET}` becomes, is ''. */
function readText(
  config: Config,
  key: string,
  path: string,
): string | undefined {
  const value = config.getOptional(key);
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw new InputError(`${path}.${key}: must be text; put it in quotes`);
  }
  return value.trim();
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
}): ArgoCdInstanceConfig['credential'] {
  const { config, path, defaults } = options;
  const token = readText(config, 'token', path);
  if (token) {
    if (/\s/.test(token)) {
      throw new InputError(
        `${path}.token: has white space within; a token is one word`,
      );
    }
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

function readLogin(
  config: Config,
  path: string,
): ArgoCdInstanceConfig['credential'] | undefined {
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
