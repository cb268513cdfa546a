import { ActionRecord } from './ActionRecord';
import { fail, refuse, succeed } from './endings';
import { followOperation, seenOwn } from './followOperation';
import { isUnderWay, sameRevisions } from './operations';
import { moved, withStep } from './progress';
import { requestSync } from './requestSync';
import { stateToken } from './stateToken';
import { Situation, Step } from './steps';
import { appliedWords, dryRunWords, keptOutcomes } from './syncWords';
import { verifySync } from './verifySync';
import { revisionWords } from './words';

/** The next step of a sync: request, follow, verify. */
export function nextOfSync(situation: Situation): Step {
  const { live, now } = situation;
  const requesting = requestSync(situation, () => obstacleToSync(situation));
  const { operation } = live;
  if (requesting || !operation) {
    return (
      requesting ?? { kind: 'wait', record: situation.record, pace: 'soon' }
    );
  }
  const following = followOperation(situation, operation);
  if (following) {
    return following;
  }
  const { seen, options } = situation.record;
  let record: ActionRecord = {
    ...seenOwn(situation.record, now),
    outcomes: keptOutcomes(operation.outcomes),
  };
  if (!sameRevisions(operation.revisions, seen.revisions)) {
    // B2: our own operation, but not of what the person decided on.
    return fail(
      withStep(record, 'follow', 'done', { now }),
      `Git had moved on: Argo CD ${
        options.dryRun ? 'tried' : 'applied'
      } ${revisionWords(
        operation.revisions,
        live.application,
      )} and not ${revisionWords(
        seen.revisions,
        live.application,
      )}, which was confirmed. Look at what that changed.`,
      now,
    );
  }
  if (options.dryRun) {
    return succeed(
      withStep(record, 'follow', 'done', { now }),
      dryRunWords(operation),
      now,
    );
  }
  if (record.steps.find(({ id }) => id === 'follow')?.state !== 'done') {
    record = moved(withStep(record, 'follow', 'done', { now }), now);
  }
  return (
    verifySync({ ...situation, record }) ??
    succeed(
      withStep(record, 'verify', 'done', { now }),
      appliedWords(live, operation, operation.revisions),
      now,
    )
  );
}

/**
 * The state is compared once more, right before the sync is asked for: between
 * the request and now this replica may have been busy, or another have died.
 */
function obstacleToSync({ record, live, now }: Situation): Step | undefined {
  if (isUnderWay(live)) {
    return refuse(
      record,
      'Another operation had begun on the application in between.',
      now,
    );
  }
  return stateToken({ action: 'sync', live }) === record.seen.token
    ? undefined
    : refuse(
        record,
        'The application had changed between the confirmation and the sync. Look at it again.',
        now,
      );
}
