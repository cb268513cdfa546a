import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA } from './paths.mjs';

/**
 * Secrets of this installation's portal, made once and kept with its data: a
 * session secret that changed would sign everybody out.
 *
 * @returns {{ session: string, probe: string }}
 */
export function portalSecrets() {
  const file = join(DATA, 'portal-secrets.json');
  if (existsSync(file)) {
    return JSON.parse(readFileSync(file, 'utf8'));
  }
  mkdirSync(DATA, { recursive: true });
  const secrets = {
    session: randomBytes(32).toString('base64url'),
    probe: randomBytes(32).toString('base64url'),
  };
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
