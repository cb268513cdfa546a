import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test file, deleted after its last test. */
export function temporaryFolder(): { path(...parts: string[]): string } {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'slipway-sandbox-'));
  });
  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });
  return { path: (...parts) => join(root, ...parts) };
}
