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

/** What the real kustomize makes of several folders of one tree. */
export function kubectlKustomizeAll(options: {
  files: ReadonlyMap<string, string>;
  paths: readonly string[];
}): Map<string, unknown[]> {
  const root = mkdtempSync(join(tmpdir(), 'slipway-kustomize-'));
  try {
    write(root, options.files);
    return new Map(options.paths.map(path => [path, build(root, path)]));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function write(root: string, files: Iterable<readonly [string, string]>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function build(root: string, path: string): unknown[] {
  const output = execFileSync('kubectl', ['kustomize', join(root, path)], {
    encoding: 'utf8',
    stdio: 'pipe',
    maxBuffer: 64 * 1024 * 1024,
  });
  return parseAllDocuments(output, { schema: 'core' })
    .map(document => document.toJS() as unknown)
    .filter(value => value !== null && value !== undefined);
}

/** Objects, or the error text, of the real `kubectl kustomize`. */
export function kubectlKustomize(options: {
  files: Readonly<Record<string, string>>;
  path: string;
}): { objects: unknown[] } | { error: string } {
  const root = mkdtempSync(join(tmpdir(), 'slipway-kustomize-'));
  try {
    write(root, Object.entries(options.files));
    return { objects: build(root, options.path) };
  } catch (error) {
    return { error: String((error as { stderr?: unknown }).stderr ?? error) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
