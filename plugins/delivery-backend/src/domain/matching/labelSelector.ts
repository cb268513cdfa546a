/** One requirement of a label selector. */
export type LabelRequirement =
  | { key: string; operator: 'in' | 'not-in'; values: string[] }
  | { key: string; operator: 'exists' | 'absent' };

/** What is wrong with a label selector, said for whoever wrote it. */
export class LabelSelectorError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LabelSelectorError';
  }
}

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * Reads a Kubernetes label selector, equality-based and set-based, by the
 * grammar of `k8s.io/apimachinery/pkg/labels`: `a=b`, `a==b`, `a!=b`,
 * `a in (b, c)`, `a notin (b, c)`, `a`, `!a`, joined by commas that all must
 * hold. `in` and `notin` are words there, so a label may be named like them.
 *
 * @throws LabelSelectorError which says where it went wrong.
 */
export function parseLabelSelector(text: string): LabelRequirement[] {
  const tokens = tokenize(text);
  const requirements: LabelRequirement[] = [];
  let position = 0;

  function next(): string | undefined {
    return tokens[position++];
  }

  function fail(expected: string, found: string | undefined): never {
    throw new LabelSelectorError(
      `expected ${expected} but found ${
        found === undefined ? 'the end' : `'${found}'`
      }`,
    );
  }

  function readKey(): string {
    const key = next();
    if (key === undefined || isSymbol(key)) {
      return fail('a label name', key);
    }
    checkKey(key);
    return key;
  }

  function readValues(): string[] {
    const open = next();
    if (open !== '(') {
      fail("'('", open);
    }
    const values: string[] = [];
    for (;;) {
      // As in Kubernetes, nothing between two commas is the empty value.
      const value = tokens[position];
      if (value === ',' || value === ')') {
        values.push('');
      } else {
        position++;
        if (value === undefined || isSymbol(value)) {
          fail('a value', value);
        }
        values.push(checkValue(value));
      }
      const separator = next();
      if (separator === ')') {
        return values;
      }
      if (separator !== ',') {
        fail("',' or ')'", separator);
      }
    }
  }

  function readRequirement(): LabelRequirement {
    if (tokens[position] === '!') {
      position++;
      return { key: readKey(), operator: 'absent' };
    }
    const key = readKey();
    const operator = tokens[position];
    switch (operator) {
      case undefined:
      case ',':
        return { key, operator: 'exists' };
      case '=':
      case '==':
      case '!=': {
        position++;
        const value = tokens[position];
        if (value === undefined || value === ',') {
          return {
            key,
            operator: operator === '!=' ? 'not-in' : 'in',
            values: [''],
          };
        }
        position++;
        if (isSymbol(value)) {
          fail('a value', value);
        }
        return {
          key,
          operator: operator === '!=' ? 'not-in' : 'in',
          values: [checkValue(value)],
        };
      }
      case 'in':
      case 'notin':
        position++;
        return {
          key,
          operator: operator === 'in' ? 'in' : 'not-in',
          values: readValues(),
        };
      default:
        return fail(
          "'=', '==', '!=', 'in', 'notin' or ',' after the label name",
          operator,
        );
    }
  }

  if (tokens.length === 0) {
    throw new LabelSelectorError('it is empty, and would select everything');
  }
  for (;;) {
    requirements.push(readRequirement());
    const separator = next();
    if (separator === undefined) {
      return requirements;
    }
    if (separator !== ',') {
      fail("','", separator);
    }
  }
}

/** Whether labels meet every requirement of a selector. */
export function matchesLabels(
  requirements: LabelRequirement[],
  labels: { [name: string]: string },
): boolean {
  return requirements.every(requirement => {
    const value = Object.hasOwn(labels, requirement.key)
      ? labels[requirement.key]
      : undefined;
    switch (requirement.operator) {
      case 'in':
        return value !== undefined && requirement.values.includes(value);
      case 'not-in':
        // As in Kubernetes, an object without the label is selected.
        return value === undefined || !requirement.values.includes(value);
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      default: {
        const exhausted: never = requirement;
        throw new TypeError(`Unexpected requirement ${exhausted}`);
      }
    }
  });
}

const SYMBOLS = new Set(['=', '==', '!=', '!', '(', ')', ',']);

function isSymbol(token: string): boolean {
  return SYMBOLS.has(token);
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const pattern = /\s*(==|!=|[=!(),]|[^\s=!(),]+)/y;
  let end = 0;
  while (end < text.length) {
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    if (!match) {
      // Only white space is left.
      break;
    }
    tokens.push(match[1]);
    end = pattern.lastIndex;
  }
  return tokens;
}

function checkKey(key: string): void {
  const parts = key.split('/');
  const name = parts[parts.length - 1];
  const valid =
    NAME.test(name) &&
    (parts.length === 1 || (parts.length === 2 && PREFIX.test(parts[0])));
  if (!valid) {
    throw new LabelSelectorError(`'${key}' is not the name of a label`);
  }
}

function checkValue(value: string): string {
  if (!NAME.test(value)) {
    throw new LabelSelectorError(`'${value}' is not the value of a label`);
  }
  return value;
}
