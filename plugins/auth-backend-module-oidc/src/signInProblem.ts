import { AuthenticationError } from '@backstage/errors';

/**
 * Why somebody could not sign in or stay signed in. The codes are stable: the
 * sign-in page has words for each, and `docs/sign-in.md` a remedy.
 *
 * They travel as the message of an error, because that is all that Backstage's
 * handlers pass on: in `?error=` of the redirect flow, in the message of the
 * popup, and in the body of a refused refresh.
 *
 * @public
 */
export const signInProblemCodes = [
  /** The catalog has no such person; a subject says whom it was asked for. */
  'sign-in.unknown-user',
  /** The catalog has several people with this address or identifier. */
  'sign-in.ambiguous-user',
  /** The provider sent no e-mail address, or one it has not verified. */
  'sign-in.no-email',
  /** The provider sent no claim of the configured name. */
  'sign-in.no-claim',
  /** The address is of a domain that may not sign in. */
  'sign-in.domain-not-allowed',
  /** The provider does not answer. */
  'sign-in.provider-unreachable',
  /** The person, or the provider on a rule of its own, said no. */
  'sign-in.refused',
  /** The provider no longer honours this session. */
  'sign-in.session-ended',
] as const;

/** @public */
export type SignInProblemCode = (typeof signInProblemCodes)[number];

/**
 * A problem that has a code. Its message is the code and, where that helps the
 * person, whom the catalog was asked for; what the log needs is the cause.
 */
export function signInProblem(
  code: SignInProblemCode,
  options: { subject?: string; cause?: unknown } = {},
): AuthenticationError {
  const { subject, cause } = options;
  const error = new AuthenticationError(
    subject === undefined ? code : `${code} ${subject}`,
  );
  // Backstage would append the cause's text to the message, and so put what the
  // provider said, whatever it is, into an address bar.
  if (cause !== undefined) {
    Object.defineProperty(error, 'cause', { value: cause, enumerable: false });
  }
  return error;
}

/** Whether an error is one that {@link signInProblem} made. */
export function isSignInProblem(error: unknown): error is Error {
  return (
    error instanceof AuthenticationError &&
    signInProblemCodes.some(
      code => error.message === code || error.message.startsWith(`${code} `),
    )
  );
}
