/**
 * Why there is no session. The first eight are codes of
 * `@slipway/plugin-auth-backend-module-oidc`; the others are found out here.
 */
export const problemCodes = [
  'unknown-user',
  'ambiguous-user',
  'no-email',
  'no-claim',
  'domain-not-allowed',
  'provider-unreachable',
  'refused',
  'session-ended',
  // Nobody is signed in, or signed out on purpose
  'signed-out',
  // The portal itself does not answer
  'portal-unreachable',
  // More than ten minutes, or another browser, between asking and coming back
  'took-too-long',
  'popup-blocked',
  'popup-closed',
  'failed',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** A reason, and whom or what it is about when that helps. */
export interface SessionProblem {
  readonly code: ProblemCode;
  /** An e-mail address, an account or the name of a claim. */
  readonly subject?: string;
}

/** What an address, an account or a claim looks like, and a sentence does not. */
const SUBJECT = /^[\p{L}\p{N}._%+@|:-]{1,254}$/u;

const OF_BACKSTAGE: [RegExp, ProblemCode][] = [
  [/cookie nonce|Invalid nonce/, 'took-too-long'],
  [/Missing session cookie/, 'signed-out'],
];

/**
 * Reads a reason from the text that came with an error.
 *
 * The text may stand in the address bar, where anybody can write a link with
 * it. So it is never shown: only a known code, and a subject that looks like an
 * account, get through.
 */
export function readProblem(text: string): SessionProblem {
  const match = /\bsign-in\.([a-z-]+)(?: ([^\s;]+))?/.exec(text);
  const code = problemCodes.find(known => known === match?.[1]);
  if (code) {
    const subject = match?.[2];
    return subject !== undefined && SUBJECT.test(subject)
      ? { code, subject }
      : { code };
  }
  return {
    code: OF_BACKSTAGE.find(([words]) => words.test(text))?.[1] ?? 'failed',
  };
}

/** Whether waiting helps, without the person signing in again. */
export function mayPass(problem: SessionProblem): boolean {
  return (
    problem.code === 'provider-unreachable' ||
    problem.code === 'portal-unreachable'
  );
}
