import { Json } from './objects';

/** A line of the text, without its indentation. */
interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Thrown, and caught here, where the text says more than is read here. */
class NotPlain extends Error {}

/** A word that no YAML reader takes for a number, a date or an indicator. */
const PLAIN =
  /^(?:[A-Za-z/]|\.{1,2}\/)[\w./@+=()-]*(?:[ :][\w./@+=()-]+){0,50}$/;
/** Words with another meaning in YAML 1.1 or 1.2. */
const MEANINGFUL = /^(?:y|n|yes|no|true|false|on|off|null)$/i;
const NUMBER = /^(?:0|-?[1-9]\d{0,14})$/;
const DOUBLE_QUOTED = /^"(?:[^"\\]|\\["\\nt])*"$/;
const SINGLE_QUOTED = /^'[^']*'$/;
/** A field: its key, and its value if that stands on the same line. */
const FIELD = /^([A-Za-z/][\w./-]{0,300}|"[^"\\]{1,300}"):(?: ([^ ].*))?$/;

/** The lines of each document; there are no empty documents here. */
function split(text: string): Line[][] {
  const documents: Line[][] = [[]];
  text
    .slice(0, -1)
    .split('\n')
    .forEach((line, index) => {
      if (line === '---') {
        if (index > 0) documents.push([]);
        return;
      }
      const indent = line.search(/[^ ]/);
      if (indent < 0 || (indent === 0 && /^(?:---|\.\.\.|%)/.test(line))) {
        throw new NotPlain();
      }
      documents[documents.length - 1].push({
        indent,
        text: indent === 0 ? line : line.slice(indent),
      });
    });
  return documents;
}

class Reader {
  readonly #lines: Line[];
  #position = 0;

  constructor(lines: Line[]) {
    this.#lines = lines;
  }

  document(): Json {
    const value = this.#block(0);
    if (this.#position < this.#lines.length) throw new NotPlain();
    return value;
  }

  /** The list or map whose lines have exactly this indentation. */
  #block(indent: number): Json {
    const line = this.#lines[this.#position];
    if (line?.indent !== indent) throw new NotPlain();
    return isItem(line) ? this.#list(indent) : this.#map(indent);
  }

  #list(indent: number): Json {
    const items: Json[] = [];
    for (;;) {
      const line = this.#lines[this.#position];
      if (line?.indent !== indent || !isItem(line)) return items;
      const rest = line.text.slice(2);
      if (FIELD.test(rest) || rest.startsWith('- ')) {
        // What follows the dash is the first line of a block of its own.
        this.#lines[this.#position] = { indent: indent + 2, text: rest };
        items.push(this.#block(indent + 2));
      } else {
        this.#position += 1;
        items.push(this.#inline(rest, indent));
      }
    }
  }

  #map(indent: number): Json {
    const fields: Record<string, Json> = {};
    for (;;) {
      const line = this.#lines[this.#position];
      if (line?.indent !== indent || isItem(line)) return fields;
      const match = FIELD.exec(line.text);
      if (!match) throw new NotPlain();
      const key = keyOf(match[1]);
      if (Object.hasOwn(fields, key)) throw new NotPlain();
      this.#position += 1;
      fields[key] =
        match[2] === undefined
          ? this.#nested(indent)
          : this.#inline(match[2], indent);
    }
  }

  /** The value of a field whose line ends after the colon. */
  #nested(indent: number): Json {
    const next = this.#lines[this.#position];
    if (!next) throw new NotPlain();
    if (next.indent > indent) return this.#block(next.indent);
    // A list may stand as far left as the field that it belongs to.
    if (next.indent === indent && isItem(next)) return this.#list(indent);
    throw new NotPlain();
  }

  /** A value on the line of its key or dash. */
  #inline(text: string, indent: number): Json {
    if (text === '|') return this.#literal(indent);
    const next = this.#lines[this.#position];
    // A scalar that goes on in the next line.
    if (next && next.indent > indent) throw new NotPlain();
    switch (text) {
      case '[]':
        return [];
      case '{}':
        return {};
      case 'true':
        return true;
      case 'false':
        return false;
      default:
        return scalar(text);
    }
  }

  /** Lines of text that are taken as they are. */
  #literal(indent: number): string {
    const first = this.#lines[this.#position];
    if (!first || first.indent <= indent) throw new NotPlain();
    let result = '';
    for (;;) {
      const line = this.#lines[this.#position];
      if (!line || line.indent <= indent) return result;
      if (line.indent < first.indent) throw new NotPlain();
      result += `${' '.repeat(line.indent - first.indent)}${line.text}\n`;
      this.#position += 1;
    }
  }
}

function isItem(line: Line): boolean {
  return line.text.startsWith('- ');
}

function keyOf(text: string): string {
  const key = text.startsWith('"') ? text.slice(1, -1) : text;
  const isWord = !text.startsWith('"') && MEANINGFUL.test(text);
  if (isWord || key === '__proto__') throw new NotPlain();
  return key;
}

function scalar(text: string): Json {
  if (NUMBER.test(text)) return Number(text);
  if (DOUBLE_QUOTED.test(text)) return JSON.parse(text) as string;
  if (SINGLE_QUOTED.test(text)) return text.slice(1, -1);
  if (PLAIN.test(text) && !MEANINGFUL.test(text)) return text;
  throw new NotPlain();
}

/**
 * Reads the YAML that programs write: documents in block style whose scalars
 * mean the same to every reader, in printable ASCII.
 *
 * It is here for its speed. 5,000 services are a hundred thousand documents,
 * which take the `yaml` package minutes and this a second. It never guesses:
 * whatever it is not sure of (a comment, an anchor, flow style, `yes`, a
 * date, a field twice) is left to the reader that knows all of YAML.
 *
 * @returns the documents, or undefined when the text is not that plain.
 */
export function readPlainYaml(text: string): Json[] | undefined {
  if (!text.endsWith('\n') || /[^\n -~]/.test(text)) return undefined;
  try {
    return split(text).map(lines => new Reader(lines).document());
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}
