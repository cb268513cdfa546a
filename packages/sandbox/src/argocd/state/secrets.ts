import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readFileIfThere, writeFileAtomically } from '../../util/files';

const schema = z.object({ signingKey: z.string(), adminPassword: z.string() });

/** Secrets of one Argo CD, made once. */
export type ArgoCdSecrets = z.infer<typeof schema>;

/** Reads the secrets of a state folder, or makes them. */
export async function loadSecrets(directory: string): Promise<ArgoCdSecrets> {
  const file = join(directory, 'secrets.json');
  const text = await readFileIfThere(file);
  if (text !== undefined) return schema.parse(JSON.parse(text));
  const secrets = {
    signingKey: randomBytes(32).toString('base64url'),
    adminPassword: randomBytes(12).toString('base64url'),
  };
  await writeFileAtomically({ file, text: `${JSON.stringify(secrets)}\n` });
  return secrets;
}
