import { diff3Merge } from 'node-diff3';

/** Files larger than this are not merged by lines, in bytes. */
const LARGEST = 1024 * 1024;

/** Whether a file has no lines to speak of: as Git tells, by a NUL near its start. */
export function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8_000).includes(0);
}

/**
 * Merges a file by lines: what changed from `base` to `theirs` is done to `ours`.
 * `undefined` when both changed the same lines, or neighbouring ones, and when
 * the file cannot be merged by lines at all.
 *
 * Lines keep the end that they have, be it LF, CRLF or none, and their bytes in
 * whatever encoding: nothing but the changed lines changes.
 */
export function mergeText(options: {
  base: Buffer;
  theirs: Buffer;
  ours: Buffer;
}): Buffer | undefined {
  const sides = [options.ours, options.base, options.theirs];
  if (sides.some(side => isBinary(side) || side.length > LARGEST)) {
    return undefined;
  }
  const [ours, base, theirs] = sides.map(toLines);
  const regions = diff3Merge(ours, base, theirs, {
    excludeFalseConflicts: true,
  });
  const merged: string[] = [];
  for (const { ok } of regions) {
    if (!ok) {
      return undefined;
    }
    merged.push(...ok);
  }
  // A last line without an end that another line now follows.
  return merged.slice(0, -1).every(line => line.endsWith('\n'))
    ? Buffer.from(merged.join(''), 'latin1')
    : undefined;
}

/** The lines of a text, each with its end. In Latin 1 every byte is a character. */
function toLines(content: Buffer): string[] {
  return content.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
