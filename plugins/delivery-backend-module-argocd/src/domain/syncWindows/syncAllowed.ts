/** What counts of a sync window for the question whether a person may sync. */
export type WindowState = {
  kind: 'allow' | 'deny';
  /** A person may sync during it all the same. */
  manualSync: boolean;
  active: boolean;
};

/**
 * Whether sync windows let a person sync: Argo CD's own rule (`CanSync` for a
 * manual sync).
 *
 * - No window at all: open.
 * - A deny window is active: closed, unless all of the active ones let people
 *   through. Deny beats allow.
 * - An allow window is active, or there is none of that kind: open.
 * - Allow windows that are all inactive: closed, unless all of them let people
 *   through.
 */
export function syncAllowed(windows: readonly WindowState[]): boolean {
  const denying = windows.filter(
    ({ kind, active }) => kind === 'deny' && active,
  );
  if (denying.length > 0) {
    return denying.every(({ manualSync }) => manualSync);
  }
  const allowing = windows.filter(({ kind }) => kind === 'allow');
  return (
    allowing.length === 0 ||
    allowing.some(({ active }) => active) ||
    allowing.every(({ manualSync }) => manualSync)
  );
}
