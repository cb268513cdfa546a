import { ActionRecord } from './ActionRecord';
import { fail, loseTrack, refuse, succeed } from './endings';
import { followOperation, runningWords, seenOwn } from './followOperation';
import { isUnderWay, operationKey, sameRevisions } from './operations';
import { intended, moved, withStep } from './progress';
import { requestSync } from './requestSync';
import { stateToken } from './stateToken';
import { isStuck, msBetween, Situation, Step } from './steps';
import { appliedWords, keptOutcomes } from './syncWords';
import { verifySync } from './verifySync';
import { asSentence, commitWords } from './words';

/**
 * The next step of a revert: commit, refresh, sync unless Argo CD does that by
 * itself, follow, verify. B21: never Argo CD's own rollback.
 */
export function nextOfRevert(situation: Situation): Step {
  const { record } = situation;
  if (!record.commit) {
    return nextOfCommit(situation);
  }
  if (!record.progress.arrived) {
    return nextOfArrival(situation);
  }
  return record.seen.automated
    ? followAutoSync(situation)
    : syncCommit(situation);
}

function nextOfCommit(situation: Situation): Step {
  const { record, live, now } = situation;
  const effect = record.progress.effects.commit;
  if (!effect) {
    if (isUnderWay(live)) {
      return refuse(
        record,
        'An operation had begun on the application in between.',
        now,
      );
    }
    const token = stateToken({
      action: 'revert',
      live,
      ...(record.revert && { revert: record.revert }),
    });
    if (token !== record.seen.token) {
      return refuse(
        record,
        'The application had changed between the confirmation and the commit. Look at it again.',
        now,
      );
    }
  } else if (isStuck(situation)) {
    return effect.outcome === 'not-taken'
      ? fail(record, `No commit was made. ${record.summary}`, now)
      : loseTrack(
          record,
          `Whether the commit was made is not known: look at the history of ${record.revert?.branch}. ${record.summary}`,
          now,
        );
  }
  // The writer finds a commit of this action that is there already, so that one
  // whose answer was lost is asked for again without a second thought.
  return {
    kind: 'perform',
    record: withStep(
      intended(record, 'commit', {
        now,
        operationBefore: operationKey(live.operation),
      }),
      'commit',
      'running',
      { now },
    ),
    effect: { name: 'commit' },
  };
}

/**
 * Waits until what Argo CD compares with holds the commit: it is the commit, or,
 * where others push to the branch too, Argo CD has looked since and sees neither
 * of what there was before.
 */
function nextOfArrival(situation: Situation): Step {
  const { record, live, now, times } = situation;
  const { commit, revert, seen } = record;
  const position = Math.max(
    0,
    live.application.sources.findIndex(
      ({ repoUrl }) => repoUrl === revert?.request.repoUrl,
    ),
  );
  const { revisions } = live.application.sync;
  const revision = revisions[position];
  const refresh = record.progress.effects.refresh;
  const hasArrived =
    revision !== undefined &&
    (revision === commit?.sha ||
      (refresh?.done === true &&
        revision !== seen.revisions[position] &&
        revision !== revert?.head));
  if (hasArrived) {
    const arrived = moved(withStep(record, 'refresh', 'done', { now }), now);
    return nextOfRevert({
      ...situation,
      record: {
        ...arrived,
        progress: { ...arrived.progress, arrived: revisions },
      },
    });
  }
  if (isStuck(situation)) {
    return loseTrack(
      record,
      'Argo CD has not seen it since. It may still apply it: look at what the application follows.',
      now,
    );
  }
  const waiting: ActionRecord = {
    ...withStep(record, 'refresh', 'running', { now }),
    summary: `The commit ${
      commit ? commitWords(commit) : ''
    } is made. Argo CD has not seen it yet.`,
  };
  return refresh && msBetween(refresh.intendedAt, now) < times.graceMs
    ? { kind: 'wait', record: waiting, pace: 'soon' }
    : {
        kind: 'perform',
        record: intended(waiting, 'refresh', {
          now,
          operationBefore: operationKey(live.operation),
        }),
        effect: { name: 'refresh', hard: false },
      };
}

/** Where Argo CD syncs by itself, its own operation is followed, whoever began it. */
function followAutoSync(situation: Situation): Step {
  const { record, live, now } = situation;
  const { sync } = live.application;
  const { operation } = live;
  const isOfCommit =
    operation !== undefined &&
    (sameRevisions(operation.revisions, sync.revisions) ||
      sameRevisions(operation.revisions, record.progress.arrived ?? []));
  if (operation && isUnderWay(live)) {
    const words = runningWords(operation, live);
    return {
      kind: 'wait',
      pace: 'soon',
      record: {
        // Somebody's operation is under way, and nothing is stuck.
        ...moved(
          withStep(record, 'follow', 'running', { now, detail: words }),
          now,
        ),
        summary: words,
      },
    };
  }
  if (isOfCommit && operation.over && !operation.succeeded) {
    return fail(
      {
        ...withStep(record, 'follow', 'failed', { now }),
        outcomes: keptOutcomes(operation.outcomes),
      },
      `Argo CD could not apply it: ${asSentence(
        operation.message ?? 'it does not say why',
      )} It does not try the same commit again by itself.`,
      now,
    );
  }
  if (sync.state === 'synced' || (isOfCommit && operation.succeeded)) {
    return conclude({ ...situation, record: followed(record, now) });
  }
  return isStuck(situation)
    ? loseTrack(
        record,
        'Argo CD sees it and has not applied it by itself. Sync the application, or look for what keeps it.',
        now,
      )
    : {
        kind: 'wait',
        pace: 'soon',
        record: {
          ...withStep(record, 'follow', 'running', { now }),
          summary:
            'Argo CD sees the commit. It applies it by itself, and has not begun yet.',
        },
      };
}

function syncCommit(situation: Situation): Step {
  const { record, live, now } = situation;
  const requesting = requestSync(situation, () => {
    if (!isUnderWay(live)) {
      return undefined;
    }
    return isStuck(situation)
      ? fail(
          record,
          'Another operation has kept Argo CD from applying it. Sync the application when that is over.',
          now,
        )
      : {
          kind: 'wait',
          pace: 'soon',
          record: {
            ...record,
            summary:
              'The commit is made. Another operation is under way; the sync waits for its end.',
          },
        };
  });
  const { operation } = live;
  if (requesting || !operation) {
    return requesting ?? { kind: 'wait', record, pace: 'soon' };
  }
  return (
    followOperation(situation, operation) ??
    conclude({
      ...situation,
      record: {
        ...followed(seenOwn(record, now), now),
        outcomes: keptOutcomes(operation.outcomes),
      },
    })
  );
}

function followed(record: ActionRecord, now: string): ActionRecord {
  return record.steps.find(({ id }) => id === 'follow')?.state === 'done'
    ? record
    : moved(withStep(record, 'follow', 'done', { now }), now);
}

function conclude(situation: Situation): Step {
  const { record, live, now } = situation;
  const { operation } = live;
  const applied =
    operation?.succeeded && operation.revisions.length > 0
      ? operation.revisions
      : live.application.sync.revisions;
  return (
    verifySync(situation) ??
    succeed(
      withStep(record, 'verify', 'done', { now }),
      `The commit ${
        record.commit ? commitWords(record.commit) : ''
      } puts it back. ${appliedWords(live, operation, applied)}`,
      now,
    )
  );
}
