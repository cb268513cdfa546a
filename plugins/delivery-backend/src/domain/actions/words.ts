import {
  Commit,
  DeploymentTarget,
  releaseLabel,
  Release,
  ResourceIdentity,
} from '@slipway/plugin-delivery-common';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { DateTime } from 'luxon';
import { sourceRevisions } from '../status/releases';

/** Names of a list, before the rest of it is a number. */
const NAMED = 5;

/** `a`, `a and b`, `a, b and c`. */
export function joined(parts: string[]): string {
  if (parts.length < 2) {
    return parts.join('');
  }
  return `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}

/** The first few of a list and how many more there are. */
export function someOf(parts: string[]): string {
  return parts.length <= NAMED
    ? joined(parts)
    : joined([...parts.slice(0, NAMED), `${parts.length - NAMED} more`]);
}

/** `1 resource`, `2 resources`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** `Deployment checkout`. */
export function resourceWords({ kind, name }: ResourceIdentity): string {
  return `${kind} ${name}`;
}

/**
 * Where an action acts: `checkout-prod on main (cluster eks-production, namespace
 * shop-prod, us-east-1)`.
 */
export function whereWords(target: DeploymentTarget): string {
  const { application, instance, cluster, namespace, region } = target;
  const details = [
    cluster !== undefined && `cluster ${cluster}`,
    namespace !== undefined && `namespace ${namespace}`,
    region,
  ].filter(Boolean);
  // Only of an unbound target are these not told, and that is never acted on.
  const name = application ?? 'the application';
  return `${instance === undefined ? name : `${name} on ${instance}`}${
    details.length > 0 ? ` (${details.join(', ')})` : ''
  }`;
}

/** The first line of a message, without what would break the sentence. */
export function firstLine(message: string): string {
  const [line] = message.trim().split(/[\r\n]/);
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** A sentence of somebody else, with one full stop at its end. */
export function asSentence(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ').slice(0, 500);
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}

/** `1a2b3c4`. */
export function commitWords(commit: Commit): string {
  return commit.sha.slice(0, 7);
}

/**
 * Revisions as people say them: `1a2b3c4 (Release 1.9.0)`. A20: only commits are
 * shortened.
 */
export function revisionWords(
  revisions: string[],
  application: Pick<ObservedApplication, 'sources' | 'commits'>,
): string {
  const parts = sourceRevisions({ revisions, ...application }).map(
    ({ kind, revision, commit }) => {
      const short = kind === 'git' ? revision.slice(0, 7) : revision;
      return commit?.message
        ? `${short} (${firstLine(commit.message)})`
        : short;
    },
  );
  return parts.length > 0 ? joined(parts) : 'a revision that is not known';
}

/** A release as people call it. */
export function releaseWords(release: Release): string {
  return releaseLabel(release) ?? 'a release that is not known';
}

/** `23 Nov 2026, 06:00 UTC`; the text itself when it is no time. */
export function timeWords(time: string): string {
  const parsed = DateTime.fromISO(time, { zone: 'utc', locale: 'en' });
  return parsed.isValid ? `${parsed.toFormat('d LLL yyyy, HH:mm')} UTC` : time;
}
