/**
 * The documented values of a chart: each key whose line follows a comment that
 * begins with `# --`, as Helm's own charts have it.
 *
 * @param {string} yaml text of values.yaml
 * @returns {{ key: string, text: string, fallback: string }[]}
 */
export function documentedValues(yaml) {
  /** @type {{ indent: number, name: string }[]} */
  const path = [];
  const found = [];
  let text = '';
  for (const line of yaml.split('\n')) {
    const comment = /^\s*# -- (.*)$/.exec(line);
    if (comment) {
      text = comment[1];
      continue;
    }
    const entry = /^(\s*)([A-Za-z]\w*):\s*(.*)$/.exec(line);
    if (!entry) {
      continue;
    }
    const [, space, name, value] = entry;
    while (path.length > 0 && path[path.length - 1].indent >= space.length) {
      path.pop();
    }
    path.push({ indent: space.length, name });
    if (text) {
      found.push({
        key: path.map(part => part.name).join('.'),
        text,
        fallback: value || 'see values.yaml',
      });
      text = '';
    }
  }
  return found;
}

/**
 * Those values as a Markdown table.
 *
 * @param {ReturnType<typeof documentedValues>} values
 */
export function valuesTable(values) {
  const escape = (/** @type {string} */ cell) => cell.replaceAll('|', '\\|');
  return [
    '| key | default | what it is |',
    '| --- | --- | --- |',
    ...values.map(
      ({ key, text, fallback }) =>
        `| \`${key}\` | \`${escape(fallback)}\` | ${escape(text)} |`,
    ),
  ].join('\n');
}
