import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { jsonEquals } from './kustomize';
import { readFileIfThere, writeFileAtomically } from './util/files';

const schema = z.object({
  /** Of the portal, which reads. */
  gitToken: z.string(),
  /** Of the portal, when it commits for a person. */
  gitActToken: z.string(),
  /** Of the people who work on the repositories. */
  gitDeveloperToken: z.string(),
  oidcClientSecret: z.string(),
});

/** Secrets of the sandbox's servers. */
export type SandboxSecrets = z.output<typeof schema>;

/**
 * Secrets of a data folder, made on its first start and kept from then on. A
 * folder of an older sandbox gets those that it has not.
 */
export async function loadSecrets(options: {
  file: string;
}): Promise<SandboxSecrets> {
  const text = await readFileIfThere(options.file);
  const stored = schema.partial().parse(text ? JSON.parse(text) : {});
  const secrets: SandboxSecrets = {
    gitToken: stored.gitToken ?? createSecret(),
    gitActToken: stored.gitActToken ?? createSecret(),
    gitDeveloperToken: stored.gitDeveloperToken ?? createSecret(),
    oidcClientSecret: stored.oidcClientSecret ?? createSecret(),
  };
  if (!jsonEquals(secrets, stored)) {
    await writeFileAtomically({
      file: options.file,
      text: JSON.stringify(secrets, undefined, 2),
    });
  }
  return secrets;
}

function createSecret(): string {
  return randomBytes(32).toString('base64url');
}
