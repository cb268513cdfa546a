/**
 * Reads a table that is written as text, so that people can read it, too:
 *
 * ```
 * action  | service | viewer | owner
 * sync    | own     | no     | go
 * ```
 *
 * A cell with several words, separated by commas, stands for several rows that
 * are alike.
 */
export function writtenTable<TKey extends string, TColumn extends string>(
  text: string,
  options: { keys: readonly TKey[]; columns: readonly TColumn[] },
): { keys: Record<TKey, string>; cells: Record<TColumn, string> }[] {
  const { keys, columns } = options;
  const [heads, ...rows] = text
    .trim()
    .split('\n')
    .map(line => line.split('|').map(cell => cell.trim()));
  const expected = [...keys, ...columns];
  if (heads.join() !== expected.join()) {
    throw new Error(`The table has ${heads}, and not ${expected}`);
  }
  return rows.flatMap(row => {
    if (row.length !== expected.length) {
      throw new Error(`Not ${expected.length} cells: ${row.join(' | ')}`);
    }
    const cells = Object.fromEntries(
      columns.map((column, index) => [column, row[keys.length + index]]),
    ) as Record<TColumn, string>;
    return keys
      .reduce<Partial<Record<TKey, string>>[]>(
        (alike, key, index) =>
          alike.flatMap(one =>
            row[index].split(',').map(word => ({ ...one, [key]: word.trim() })),
          ),
        [{}],
      )
      .map(one => ({ keys: one as Record<TKey, string>, cells }));
  });
}
