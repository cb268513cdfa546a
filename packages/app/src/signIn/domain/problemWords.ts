import { SessionProblem } from './sessionProblem';

/** A problem as a person reads it. */
export interface ProblemWords {
  /** What is the matter, in a few words. */
  readonly title: string;
  /** What it means, in a sentence or two. */
  readonly text: string;
  /** What to do, in order. Empty when the button says it all. */
  readonly remedies: readonly string[];
  /** What the button does. */
  readonly action: string;
}

/** The words for each problem. */
export function problemWords(problem: SessionProblem): ProblemWords {
  const { code, subject } = problem;
  switch (code) {
    case 'signed-out':
      return {
        title: 'You are signed out',
        text: 'Nothing of the portal is left in this browser. At the identity provider you may still be signed in: on a computer that is not yours, sign out there too.',
        remedies: [],
        action: 'Sign in again',
      };
    case 'session-ended':
      return {
        title: 'Your session has ended',
        text: 'The identity provider no longer honours it: it got too old, or somebody ended it.',
        remedies: [],
        action: 'Sign in again',
      };
    case 'unknown-user':
      return {
        title: 'The catalog does not know you',
        text: subject
          ? `The identity provider signed you in as ${subject}, and the catalog of this portal has no such person.`
          : 'The identity provider signed you in, and the catalog of this portal has no such person.',
        remedies: [
          'If you have another account, use that one.',
          'If you joined lately, try again in an hour: people are read from the directory now and then.',
          subject
            ? `Otherwise ask the team that runs this portal for a User in the catalog with ${subject}.`
            : 'Otherwise ask the team that runs this portal for a User in the catalog.',
        ],
        action: 'Sign in with another account',
      };
    case 'ambiguous-user':
      return {
        title: 'The catalog knows you more than once',
        text: `More than one person of the catalog has ${
          subject ?? 'your address'
        }, so the portal cannot tell which one you are.`,
        remedies: [
          'Ask the team that runs this portal to leave one of them in the catalog.',
        ],
        action: 'Sign in with another account',
      };
    case 'no-email':
      return {
        title: 'Your account has no verified e-mail address',
        text: 'People are found in the catalog by it, and the identity provider sent none that it has verified.',
        remedies: [
          'Verify your address at the identity provider, then sign in again.',
          'If it is verified there, ask the team that runs this portal to look at its sign-in settings.',
        ],
        action: 'Sign in again',
      };
    case 'no-claim':
      return {
        title: 'The identity provider left something out',
        text: `People are found in the catalog by ${
          subject ? `the claim “${subject}”` : 'a claim'
        }, and the identity provider did not send it.`,
        remedies: [
          'Ask the team that runs this portal to look at its sign-in settings.',
        ],
        action: 'Sign in again',
      };
    case 'domain-not-allowed':
      return {
        title: 'This account may not sign in here',
        text: `${
          subject ?? 'Its address'
        } is not of a domain that this portal lets in.`,
        remedies: ['Use the account of your organization.'],
        action: 'Sign in with another account',
      };
    case 'provider-unreachable':
      return {
        title: 'The identity provider does not answer',
        text: 'The portal is fine, and cannot ask who you are until the provider is back.',
        remedies: [
          'Try again in a minute.',
          'If it stays, tell the team that runs your sign-in; the portal’s own team cannot repair it.',
        ],
        action: 'Try to sign in again',
      };
    case 'portal-unreachable':
      return {
        title: 'The portal does not answer',
        text: 'It may be restarting, or your network is down.',
        remedies: ['Try again in a minute.'],
        action: 'Try to sign in again',
      };
    case 'refused':
      return {
        title: 'You were not signed in',
        text: 'You went back, or the identity provider does not let this account use the portal.',
        remedies: [
          'If you did not go back yourself, ask the team that runs your sign-in to give you access to this portal.',
        ],
        action: 'Sign in again',
      };
    case 'took-too-long':
      return {
        title: 'That sign-in is over',
        text: 'It was open for more than ten minutes, it was begun in another window, or this browser keeps no cookies for the portal.',
        remedies: ['Sign in again, and allow cookies for this site.'],
        action: 'Sign in again',
      };
    case 'popup-blocked':
      return {
        title: 'The browser blocked the sign-in window',
        text: 'The identity provider opens in a window of its own.',
        remedies: ['Allow pop-ups for this site, then sign in again.'],
        action: 'Sign in again',
      };
    case 'popup-closed':
      return {
        title: 'The sign-in window was closed',
        text: 'It was closed before the identity provider was done.',
        remedies: [],
        action: 'Sign in again',
      };
    case 'failed':
      return {
        title: 'Signing in did not work',
        text: 'The reason is in the log of the portal and not one that this page knows.',
        remedies: [
          'Sign in again.',
          'If it happens again, ask the team that runs this portal, and tell them the time.',
        ],
        action: 'Sign in again',
      };
    default:
      throw new Error(`No words for ${code satisfies never}`);
  }
}
