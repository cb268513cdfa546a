import { createTwoFilesPatch } from 'diff';
import { isBinary } from './mergeText';

/** A file on one side of a patch. */
export type PatchSide = { mode: string; content: Buffer };

/** Edits that are looked for before a patch is given up, and its longest text. */
const MOST_EDITS = 2_000;
const LONGEST = 64 * 1024;

/**
 * What changes in a file, as a unified diff for people to read. Where there are
 * no lines to compare, or too many, it says so in the place of the diff.
 */
export function unifiedPatch(options: {
  path: string;
  before: PatchSide | undefined;
  after: PatchSide | undefined;
}): string {
  const { path, before, after } = options;
  const modes =
    before && after && before.mode !== after.mode
      ? `old mode ${before.mode}\nnew mode ${after.mode}\n`
      : '';
  if (before && after && before.content.equals(after.content)) {
    return modes;
  }
  return `${modes}${textOf({ path, before, after })}`;
}

function textOf(options: {
  path: string;
  before: PatchSide | undefined;
  after: PatchSide | undefined;
}): string {
  const { path, before, after } = options;
  const from = before ? `a/${path}` : '/dev/null';
  const to = after ? `b/${path}` : '/dev/null';
  if ([before, after].some(side => side && isBinary(side.content))) {
    return `Binary files ${from} and ${to} differ\n`;
  }
  const patch = createTwoFilesPatch(
    from,
    to,
    before?.content.toString('utf8') ?? '',
    after?.content.toString('utf8') ?? '',
    undefined,
    undefined,
    { context: 3, maxEditLength: MOST_EDITS },
  );
  return patch === undefined || patch.length > LONGEST
    ? `Files ${from} and ${to} differ in more lines than are shown here\n`
    : patch.replace(/^=+\n/, '');
}
