import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError, toError } from '@backstage/errors';
import type { SandboxOptions, SandboxPorts } from './sandbox';

/** First of the five ports when `--port-base` is absent. */
const DEFAULT_PORT_BASE = 7080;

/** The portal's URL when `--portal-url` is absent: Backstage's default. */
const DEFAULT_PORTAL_URL = 'http://localhost:7007';

/** What `--help` prints. */
export const usage = `Runs the delivery platforms of the sandbox on this machine.

  --data <folder>       where everything is kept (required)
  --port-base <port>    first of five ports (default ${DEFAULT_PORT_BASE}): OpenID provider, Git,
                        Argo CD microservices, Argo CD n9, control
  --portal-url <url>    portal that people sign in to (default ${DEFAULT_PORTAL_URL});
                        may be given several times
  --services <number>   number of services, 28 to 5000
  --seed <number>       seed of everything invented
  --speed <factor>      simulated seconds per real second (default 1)
  --fresh               delete what an earlier sandbox left in the folder
  --help                print this
`;

/**
 * Reads the command line; undefined when only help is wanted.
 *
 * @throws InputError naming the option that is wrong.
 */
export function readCommandLine(
  args: readonly string[],
): SandboxOptions | undefined {
  const values = parse(args);
  if (values.help) {
    return undefined;
  }
  if (!values.data) {
    throw new InputError('--data is missing: name a folder for the state');
  }
  return {
    dataDirectory: resolve(values.data),
    ports: portsFrom(
      wholeNumber('port-base', values['port-base'], { min: 1, max: 65_531 }) ??
        DEFAULT_PORT_BASE,
    ),
    portalUrls: (values['portal-url'] ?? [DEFAULT_PORTAL_URL]).map(portalUrl),
    services: wholeNumber('services', values.services, { min: 28, max: 5000 }),
    seed: wholeNumber('seed', values.seed, { min: 0, max: 2 ** 31 }),
    speed: speed(values.speed),
    fresh: values.fresh ?? false,
  };
}

/** The five ports from the first one. */
export function portsFrom(base: number): SandboxPorts {
  return {
    oidc: base,
    git: base + 1,
    argocd: { microservices: base + 2, n9: base + 3 },
    control: base + 4,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        'port-base': { type: 'string' },
        'portal-url': { type: 'string', multiple: true },
        services: { type: 'string' },
        seed: { type: 'string' },
        speed: { type: 'string' },
        fresh: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    // Node writes some of these over several lines.
    const [message] = toError(error).message.split('\n');
    throw new InputError(`${message.replace(/\.$/, '')}; see --help`);
  }
}

function wholeNumber(
  name: string,
  text: string | undefined,
  limits: { min: number; max: number },
): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= limits.min && value <= limits.max)) {
    throw new InputError(
      `--${name} must be a whole number from ${limits.min} to ${limits.max}; got '${text}'`,
    );
  }
  return value;
}

function speed(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (!(value > 0 && value <= 10_000)) {
    throw new InputError(
      `--speed must be a number above 0 and at most 10000; got '${text}'`,
    );
  }
  return value;
}

function portalUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new InputError(
      `--portal-url must be a URL like ${DEFAULT_PORTAL_URL}; got '${text}'`,
    );
  }
  return text.replace(/\/+$/, '');
}
