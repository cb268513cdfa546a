import { ResourceOutcome } from '@slipway/plugin-delivery-common';
import { LiveApplication, LiveOperation } from '@slipway/plugin-delivery-node';
import { counted, resourceWords, revisionWords, someOf } from './words';

/** B17: what a dry run says is in its own result, and in no history. */
export function dryRunWords(operation: LiveOperation): string {
  const names = (outcome: ResourceOutcome['outcome']) =>
    operation.outcomes
      .filter(one => one.outcome === outcome && one.hook === undefined)
      .map(resourceWords);
  const applied = names('synced');
  const pruned = names('pruned');
  const skipped = names('prune-skipped');
  return [
    'This was a dry run: nothing was changed.',
    applied.length > 0
      ? `A sync would apply ${counted(applied.length, 'resource')}.`
      : 'A sync would apply nothing.',
    ...(pruned.length > 0 ? [`It would delete ${someOf(pruned)}.`] : []),
    ...(skipped.length > 0
      ? [`Without pruning it would leave ${someOf(skipped)}.`]
      : []),
  ].join(' ');
}

/**
 * What came of a sync that succeeded and was verified. B7: that git and the
 * cluster still differ is drift, and no failure of the sync. B3: the sync is over
 * as soon as everything is applied, with the canary at its first step.
 */
export function appliedWords(
  live: LiveApplication,
  operation: LiveOperation | undefined,
  revisions: string[],
): string {
  const { application } = live;
  const applied = revisionWords(revisions, application);
  const skipped = (operation?.outcomes ?? [])
    .filter(({ outcome }) => outcome === 'prune-skipped')
    .map(resourceWords);
  return [
    `Argo CD applied ${applied}.`,
    driftWords(live, skipped),
    healthWords(live),
  ]
    .filter(Boolean)
    .join(' ');
}

function driftWords(live: LiveApplication, skipped: string[]): string {
  const { state } = live.application.sync;
  const left =
    skipped.length > 0
      ? ` ${someOf(skipped)} ${
          skipped.length === 1 ? 'was' : 'were'
        } left, because the sync did not prune.`
      : '';
  switch (state) {
    case 'synced':
      return `Git and the cluster agree.${left}`;
    case 'out-of-sync':
      return `Git and the cluster still differ.${
        left || ' Something changes it back, or git has moved on.'
      }`;
    case 'unknown':
      return 'Whether git and the cluster agree, Argo CD cannot say now.';
    default:
      return state satisfies never;
  }
}

function healthWords(live: LiveApplication): string {
  const { state } = live.application.health;
  switch (state) {
    case 'healthy':
      return 'Argo CD calls it healthy; a rollout may still be going on.';
    case 'progressing':
      return 'The release itself is still rolling out.';
    case 'suspended':
      return 'The release is not out: it is paused.';
    case 'degraded':
      return 'The release is not well: Argo CD calls it degraded.';
    case 'missing':
      return 'The release is not there: Argo CD calls it missing.';
    case 'unknown':
      return 'How the release is doing is not known.';
    default:
      return state satisfies never;
  }
}

/** Resources of which an action remembers what became of them. */
const KEPT = 300;

/**
 * What is remembered of a long list: what needs somebody's eyes comes first. An
 * application may have thousands of resources, and all but a few are just applied.
 */
export function keptOutcomes(outcomes: ResourceOutcome[]): ResourceOutcome[] {
  if (outcomes.length <= KEPT) {
    return outcomes;
  }
  const plain = outcomes.filter(({ outcome }) => outcome === 'synced');
  const others = outcomes.filter(({ outcome }) => outcome !== 'synced');
  return [...others, ...plain].slice(0, KEPT);
}
