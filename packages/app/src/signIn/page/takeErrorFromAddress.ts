/**
 * The error with which a sign-in came back, taken out of the address: so it is
 * neither bookmarked, nor sent on with a link, nor shown again after a reload.
 */
export function takeErrorFromAddress(): string | undefined {
  const url = new URL(window.location.href);
  const error = url.searchParams.get('error');
  if (error === null) {
    return undefined;
  }
  url.searchParams.delete('error');
  window.history.replaceState(window.history.state, '', url);
  return error;
}
