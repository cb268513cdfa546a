import { Config } from '@backstage/config';
import { InputError, isError } from '@backstage/errors';
import { DateTime } from 'luxon';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readText } from './readText';

/**
 * Names under which other plugins and tools switch the check of certificates
 * off. They are refused and not just ignored: whoever writes one believes that
 * it works.
 */
const SKIPPING_KEYS = [
  'skipTLSVerify',
  'skipTlsVerify',
  'tlsSkipVerify',
  'insecure',
  'insecureSkipVerify',
  'insecureSkipTLSVerify',
  'rejectUnauthorized',
];

const PEM_CERTIFICATE =
  /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * Which authorities an instance's certificate may be signed by: `caData` (a
 * bundle of PEM certificates in base64, as in Backstage's Kubernetes plugin) or
 * `caFile` (a file of PEM certificates).
 *
 * @returns the certificates as PEM, `undefined` for those that Node.js trusts;
 * and what should be looked at
 * @throws InputError naming the full key path and the fix
 */
export function readTrust(options: {
  config: Config;
  path: string;
  /** Base URL of the instance. */
  url: string;
}): { ca: string | undefined; warnings: string[] } {
  const { config, path, url } = options;
  refuseSkipping(config, path);
  const data = readText(config, 'caData', path);
  const file = readText(config, 'caFile', path);
  if (data === undefined && file === undefined) {
    return { ca: undefined, warnings: [] };
  }
  if (data !== undefined && file !== undefined) {
    throw new InputError(
      `${path}.caFile: is set beside ${path}.caData; keep one of the two`,
    );
  }
  const at = `${path}.${data === undefined ? 'caFile' : 'caData'}`;
  if (data === '' || file === '') {
    throw new InputError(
      `${at}: is empty; is the environment variable that it comes from set?`,
    );
  }
  if (!url.startsWith('https:')) {
    throw new InputError(
      `${at}: has no use, because ${path}.url is not https; change the URL, or remove it`,
    );
  }
  const pem = data === undefined ? readPem(file ?? '', at) : decode(data, at);
  return checked(pem, at);
}

function refuseSkipping(config: Config, path: string): void {
  for (const key of SKIPPING_KEYS) {
    const value = config.getOptional(key);
    const skips = key === 'rejectUnauthorized' ? value === false : !!value;
    if (skips) {
      throw new InputError(
        `${path}.${key}: is not supported, because whoever answered in place of Argo CD would get the token; give the certificate of the server's authority as ${path}.caData or ${path}.caFile instead`,
      );
    }
  }
}

function readPem(file: string, at: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = isError(error) ? error.code : 'failed';
    throw new InputError(
      `${at}: the file cannot be read (${code}); check that it is there, with this path, for the user that the backend runs as`,
    );
  }
}

function decode(data: string, at: string): string {
  if (data.includes('-----BEGIN')) {
    throw new InputError(
      `${at}: is PEM; encode it with 'base64 -w0', or name its file in caFile`,
    );
  }
  if (!/^[A-Za-z0-9+/\s]+=*\s*$/.test(data)) {
    throw new InputError(`${at}: is not base64; encode it with 'base64 -w0'`);
  }
  return Buffer.from(data, 'base64').toString('utf8');
}

function checked(pem: string, at: string): { ca: string; warnings: string[] } {
  const found = pem.match(PEM_CERTIFICATE) ?? [];
  if (found.length === 0) {
    throw new InputError(
      `${at}: holds no certificate; it must hold the certificate of the authority, which begins with -----BEGIN CERTIFICATE-----`,
    );
  }
  const now = DateTime.now();
  const warnings = found.flatMap((certificate, index) => {
    const end = expiryOf(certificate, `${at}: certificate ${index + 1}`);
    return end < now
      ? [
          `${at}: certificate ${index + 1} of ${found.length} expired at ${end
            .toUTC()
            .toISO()}; nothing that it signed is trusted`,
        ]
      : [];
  });
  return { ca: found.join('\n'), warnings };
}

function expiryOf(certificate: string, what: string): DateTime {
  try {
    return DateTime.fromJSDate(new X509Certificate(certificate).validToDate);
  } catch {
    throw new InputError(
      `${what} cannot be read; copy it again, from its BEGIN line to its END line`,
    );
  }
}
