import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import { readFileIfThere, writeFileAtomically } from '../util/files';

/** What the provider signs tokens and cookies with. */
export interface OidcKeys {
  readonly jwks: { keys: JWK[] };
  readonly cookieKeys: string[];
}

/**
 * Keys of the provider, made once a data folder: new ones at each start would
 * void every session, the well-known ones of oidc-provider would be no secret.
 */
export async function loadOidcKeys(options: {
  file: string;
}): Promise<OidcKeys> {
  const stored = await readFileIfThere(options.file);
  if (stored) {
    return JSON.parse(stored);
  }
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const keys: OidcKeys = {
    jwks: {
      keys: [
        {
          ...(await exportJWK(privateKey)),
          kid: randomBytes(8).toString('hex'),
          alg: 'RS256',
          use: 'sig',
        },
      ],
    },
    cookieKeys: [randomBytes(32).toString('base64url')],
  };
  await writeFileAtomically({
    file: options.file,
    text: JSON.stringify(keys),
  });
  return keys;
}
