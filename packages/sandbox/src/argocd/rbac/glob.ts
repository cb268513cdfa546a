const compiled = new Map<string, RegExp>();

/** Patterns that are kept compiled; they come from policies and projects. */
const KEPT = 10_000;

/**
 * Whether text matches a glob as Argo CD writes them in policies and projects:
 * `*` is any text, slashes included, `?` one character, `[a-c]` and `[!a-c]` a
 * choice of characters, `{one,two}` a choice of texts. A pattern that is none
 * matches nothing.
 */
export function globMatches(pattern: string, value: string): boolean {
  if (pattern === '*') return true;
  let expression = compiled.get(pattern);
  if (!expression) {
    if (compiled.size >= KEPT) compiled.clear();
    expression = compile(pattern);
    compiled.set(pattern, expression);
  }
  return expression.test(value);
}

const NOTHING = /[^\s\S]/;

const TOKENS = /\\([\s\S])|(\*+)|(\?)|\[(!?)([^\]]+)\]|(\{)|(\})|(,)|([\s\S])/g;

function compile(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replace(
    TOKENS,
    (text, escaped, any, one, not, set, open, close, comma) => {
      if (escaped !== undefined) return literal(escaped);
      if (any !== undefined) return '[\\s\\S]*';
      if (one !== undefined) return '[\\s\\S]';
      if (set !== undefined) {
        return `[${not ? '^' : ''}${set.replace(/[\\^[]/g, '\\$&')}]`;
      }
      if (open !== undefined) {
        depth += 1;
        return '(?:';
      }
      if (close !== undefined && depth > 0) {
        depth -= 1;
        return ')';
      }
      if (comma !== undefined && depth > 0) return '|';
      return literal(text);
    },
  );
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    return NOTHING;
  }
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
