import stableStringify from 'fast-json-stable-stringify';

/**
 * Writes plain data as JSON with its keys in order and `undefined` left out, so
 * that two values are equal exactly when their texts are. A projection that an
 * upstream sends again in another order of keys is no change.
 */
export function canonicalJson(value: object): string {
  return stableStringify(value);
}
