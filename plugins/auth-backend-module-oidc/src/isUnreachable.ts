import { isError } from '@backstage/errors';

const CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];

const WORDS = new RegExp(
  `\\b(${CODES.join(
    '|',
  )})\\b|timed out|socket hang up|expected 200 OK, got: 5\\d\\d`,
);

/**
 * Whether an error means that the provider did not answer, in contrast to an
 * answer that says no. On the way here passport keeps the text of an error and
 * loses its code, so both are looked at.
 */
export function isUnreachable(error: unknown): boolean {
  if (!isError(error)) {
    return false;
  }
  if (error.name === 'AggregateError' && Array.isArray(error.errors)) {
    return error.errors.some(isUnreachable);
  }
  return (
    (typeof error.code === 'string' && CODES.includes(error.code)) ||
    WORDS.test(error.message) ||
    isUnreachable(error.cause)
  );
}
