/**
 * Remembers the last results of a pure function of a text. The three overlays
 * of a service are rendered one after the other and read the same base.
 *
 * @param options.limit - how many results are kept.
 */
export function rememberLast<T>(options: {
  limit: number;
  run: (text: string) => T;
}): (text: string) => T {
  const { limit, run } = options;
  const results = new Map<string, { readonly value: T }>();
  return text => {
    const known = results.get(text);
    const result = known ?? { value: run(text) };
    // The one that was used last moves to the end.
    results.delete(text);
    results.set(text, result);
    for (const oldest of results.keys()) {
      if (results.size <= limit) break;
      results.delete(oldest);
    }
    return result.value;
  };
}
