/**
 * A sign-out ends the session of a browser, and each of its tabs holds a token
 * of its own in memory. The tabs tell each other; and this one remembers, for
 * the page that comes next.
 */
const CHANNEL = 'slipway.session';
const SIGNED_OUT_AT = 'slipway.signed-out-at';

/** Tells the other tabs, and the page that comes next. */
export function announceSignOut(): void {
  window.sessionStorage.setItem(SIGNED_OUT_AT, new Date().toISOString());
  const channel = openChannel();
  channel?.postMessage('signed-out');
  channel?.close();
}

/** When the person signed out in this tab, if nobody signed in since. */
export function signedOutAt(): string | undefined {
  return window.sessionStorage.getItem(SIGNED_OUT_AT) ?? undefined;
}

/** What the page that comes next has to know no longer. */
export function forgetSignOut(): void {
  window.sessionStorage.removeItem(SIGNED_OUT_AT);
}

/**
 * Calls back when another tab signs out, and when the browser brings back a
 * page that it had put away: whoever was signed in then may not be now.
 *
 * @returns how to stop.
 */
export function watchForSignOut(callbacks: {
  onSignedOutElsewhere(): void;
  onBroughtBack(): void;
}): () => void {
  const channel = openChannel();
  if (channel) {
    channel.onmessage = () => {
      window.sessionStorage.setItem(SIGNED_OUT_AT, new Date().toISOString());
      callbacks.onSignedOutElsewhere();
    };
  }
  const onPageShow = (event: PageTransitionEvent) => {
    if (event.persisted) {
      callbacks.onBroughtBack();
    }
  };
  window.addEventListener('pageshow', onPageShow);
  return () => {
    channel?.close();
    window.removeEventListener('pageshow', onPageShow);
  };
}

/** Every browser that Backstage supports has it; a test's may not. */
function openChannel(): BroadcastChannel | undefined {
  return typeof BroadcastChannel === 'undefined'
    ? undefined
    : new BroadcastChannel(CHANNEL);
}
