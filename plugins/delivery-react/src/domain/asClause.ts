/**
 * A sentence as part of a longer one: without its full stop. Reasons come from
 * the backend as sentences, and stand after a colon here.
 */
export function asClause(sentence: string): string {
  return sentence.trim().replace(/\.$/, '');
}
