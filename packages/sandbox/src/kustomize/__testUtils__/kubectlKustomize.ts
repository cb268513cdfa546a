import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** Why the real kustomize cannot be asked; undefined when it can. */
export function whyNoKubectl(): string | undefined {
  try {
    execFileSync('kubectl', ['kustomize', '--help'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'kubectl is not installed';
  }
}

/** Objects, or the error text, of the real `kubectl kustomize`. */
export function kubectlKustomize(options: {
  files: Readonly<Record<string, string>>;
  path: string;
}): { objects: unknown[] } | { error: string } {
  const root = mkdtempSync(join(tmpdir(), 'slipway-kustomize-'));
  try {
    for (const [path, text] of Object.entries(options.files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const output = execFileSync(
      'kubectl',
      ['kustomize', join(root, options.path)],
      { encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 * 1024 },
    );
    const objects = parseAllDocuments(output, { schema: 'core' })
      .map(document => document.toJS() as unknown)
      .filter(value => value !== null && value !== undefined);
    return { objects };
  } catch (error) {
    return { error: String((error as { stderr?: unknown }).stderr ?? error) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
