import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readFileIfThere, writeFileAtomically } from './util/files';

const schema = z.object({
  gitToken: z.string(),
  oidcClientSecret: z.string(),
});

/** Secrets of the sandbox's servers. */
export type SandboxSecrets = z.output<typeof schema>;

/** Secrets of a data folder, made on its first start and kept from then on. */
export async function loadSecrets(options: {
  file: string;
}): Promise<SandboxSecrets> {
  const stored = await readFileIfThere(options.file);
  if (stored) {
    return schema.parse(JSON.parse(stored));
  }
  const secrets: SandboxSecrets = {
    gitToken: createSecret(),
    oidcClientSecret: createSecret(),
  };
  await writeFileAtomically({
    file: options.file,
    text: JSON.stringify(secrets, undefined, 2),
  });
  return secrets;
}

function createSecret(): string {
  return randomBytes(32).toString('base64url');
}
