import { SyncWindow, SyncWindowVerdict } from '@slipway/plugin-delivery-node';
import { joined, timeWords } from './words';

/** A4: which windows keep a person from syncing, and until when, in words. */
export function windowWords(verdict: SyncWindowVerdict): string {
  const denying = verdict.windows.filter(
    ({ kind, active, manualSync }) => kind === 'deny' && active && !manualSync,
  );
  const allowing = verdict.windows.filter(({ kind }) => kind === 'allow');
  let why = 'A sync window of Argo CD forbids syncs now.';
  if (denying.length > 0) {
    why = `Argo CD forbids syncs now: ${joined(
      denying.map(oneWindow),
    )} is open.`;
  } else if (allowing.length > 0) {
    why = `Argo CD allows syncs only in ${joined(
      allowing.map(oneWindow),
    )}, which is closed now.`;
  }
  return verdict.opensAt === undefined
    ? `${why} When that ends cannot be told; ask whoever keeps the AppProject.`
    : `${why} Syncs are possible again from ${timeWords(verdict.opensAt)}.`;
}

function oneWindow(window: SyncWindow): string {
  const { kind, schedule, duration, timeZone, description } = window;
  const name = description ? `“${description}”` : 'the window';
  // Only a project says in which zone, and the account may not read it.
  const zone = timeZone ?? 'in a time zone that is not known';
  return `${name} (${kind}, ${schedule} ${zone} for ${duration})`;
}
