import { createHash } from 'node:crypto';
import { canonicalJson } from './domain/canonicalJson';

/**
 * Stands for plain data: equal for equal data, 43 characters of base64url. A
 * function of its input like those in `src/domain`, and outside of it only because
 * nothing there may come from Node.
 */
export function digestOf(value: object): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}
