/** Files of a repository: path relative to its root to text. */
export type FileTree = Map<string, string>;

/**
 * YAML of one or more documents of plain data, in block style and with
 * strings quoted wherever a YAML 1.1 reader (Kubernetes) would take them for
 * something else. Fields that are undefined are left out.
 *
 * Written by hand because it only has to write: the `yaml` package, which
 * reads and edits everywhere else here, takes over a minute for the quarter of
 * a million documents of 5,000 services.
 */
export function yaml(...documents: readonly unknown[]): string {
  return documents
    .map(document => `${block(document, '').replace(/^\n/, '')}\n`)
    .join('---\n');
}

/** A value that follows `key:` or `-`, with the space or newline before it. */
function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) {
      return ' []';
    }
    return value.map(item => `\n${indent}-${entry(item, indent)}`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(
      ([, field]) => field !== undefined,
    );
    if (fields.length === 0) {
      return ' {}';
    }
    return fields
      .map(
        ([key, field]) =>
          `\n${indent}${quoted(key)}:${block(
            field,
            isNested(field) ? `${indent}  ` : indent,
          )}`,
      )
      .join('');
  }
  if (typeof value === 'string') {
    return isLiteral(value)
      ? ` |\n${value.slice(0, -1).replace(/^(?=.)/gm, `${indent}  `)}`
      : ` ${quoted(value)}`;
  }
  return ` ${JSON.stringify(value)}`;
}

/** An item of a list: its first field stands on the line of the dash. */
function entry(item: unknown, indent: string): string {
  return block(item, isNested(item) ? `${indent}  ` : indent).replace(
    /^\n */,
    ' ',
  );
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** True for text that is easier to read as a block of its own lines. */
function isLiteral(text: string): boolean {
  return /^[!-~][ -~]*\n(?:[ -~]*[!-~]\n)*$/.test(text) && !/ \n/.test(text);
}

/**
 * Words that need no quotes. They begin with a letter or a slash, so none is a
 * number or a date; those that mean a truth value or nothing are excluded, and
 * so is `e5`, which some readers take for a number without digits in front.
 */
const plain = /^(?:[A-Za-z/]|\.{1,2}\/)[\w./@+=()-]*(?:[ :][\w./@+=()-]+)*$/;
const meaningful = /^(?:y|n|yes|no|true|false|on|off|null|e[-+]?\d+)$/i;

function quoted(text: string): string {
  return plain.test(text) && !meaningful.test(text)
    ? text
    : JSON.stringify(text).replace(
        /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
        character =>
          `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
}
