import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import { errorCode } from './errorCode';

/**
 * Writes a file so that a reader sees the old text or the new one, never a
 * part of it, also when the process ends in between.
 */
export async function writeFileAtomically(options: {
  file: string;
  text: string;
  /** Permission bits; readable by the owner alone unless told otherwise. */
  mode?: number;
}): Promise<void> {
  const { file, text, mode = 0o600 } = options;
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, text, { mode });
  await rename(temporary, file);
}

/** Text of a file; undefined when there is none. */
export async function readFileIfThere(
  file: string,
): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
