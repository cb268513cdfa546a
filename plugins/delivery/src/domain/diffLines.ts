import { parsePatch } from 'diff';

/** One line of a diff as it is shown. */
export type DiffLine =
  | { kind: 'hunk'; from: number }
  | {
      kind: 'same' | 'added' | 'removed';
      text: string;
      /** Number in the file before; absent for an added line. */
      before?: number;
      /** Number in the file after; absent for a removed line. */
      after?: number;
    }
  /** Text that is not a line of the file, or a patch that cannot be read. */
  | { kind: 'note'; text: string };

/**
 * The lines of a unified diff. A patch that cannot be read is shown as it is:
 * who decides must see what there is.
 */
export function diffLines(patch: string): DiffLine[] {
  let files: ReturnType<typeof parsePatch>;
  try {
    files = parsePatch(patch);
  } catch {
    return asTheyAre(patch);
  }
  const lines = files.flatMap(({ hunks }) =>
    hunks.flatMap((hunk): DiffLine[] => {
      let before = hunk.oldStart;
      let after = hunk.newStart;
      return [
        { kind: 'hunk', from: hunk.newStart },
        ...hunk.lines.map((line): DiffLine => {
          const text = line.slice(1);
          switch (line[0]) {
            case '+':
              return { kind: 'added', text, after: after++ };
            case '-':
              return { kind: 'removed', text, before: before++ };
            case '\\':
              return { kind: 'note', text: text.trim() };
            default:
              return {
                kind: 'same',
                text,
                before: before++,
                after: after++,
              };
          }
        }),
      ];
    }),
  );
  return lines.length > 0 ? lines : asTheyAre(patch);
}

function asTheyAre(patch: string): DiffLine[] {
  return patch
    .split('\n')
    .filter(text => text !== '')
    .map(text => ({ kind: 'note', text }));
}
