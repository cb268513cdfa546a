import { DeploymentActionKind } from '@slipway/plugin-delivery-common';
import { LiveApplication } from '@slipway/plugin-delivery-node';
import { digestOf } from '../../digest';
import { RevertOrder } from './ActionRecord';
import { resourceChanges } from './resourceChanges';
import { isTerminating, isUnderWay, operationKey } from './operations';

/**
 * Stands for the state on which an action is decided: equal as long as that is
 * the same. Only what would change somebody's mind about this very action is in
 * it. Health and replicas come and go while a person reads, and in a repository of
 * many services every commit moves the revision of all of them: neither may keep a
 * stuck sync from being ended.
 */
export function stateToken(options: {
  action: DeploymentActionKind;
  live: LiveApplication;
  revert?: Pick<RevertOrder, 'request' | 'fingerprint'>;
}): string {
  return digestOf(factsOf(options));
}

function factsOf(options: {
  action: DeploymentActionKind;
  live: LiveApplication;
  revert?: Pick<RevertOrder, 'request' | 'fingerprint'>;
}): object {
  const { action, live, revert } = options;
  const { application } = live;
  const always = {
    action,
    id: application.id,
    uid: application.uid,
    deleting: application.deleting,
  };
  const operation = {
    key: operationKey(live.operation),
    underWay: isUnderWay(live),
  };
  switch (action) {
    case 'refresh':
    case 'hard-refresh':
      return { ...always, automated: application.policy.automated };
    case 'terminate':
      return { ...always, operation, terminating: isTerminating(live) };
    case 'sync':
      return {
        ...always,
        operation,
        automated: application.policy.automated,
        sources: application.sources,
        destination: application.destination,
        sync: application.sync,
        syncOptions: live.syncOptions,
        changes: resourceChanges(live),
      };
    case 'revert':
      return {
        ...always,
        operation,
        automated: application.policy.automated,
        sources: application.sources,
        destination: application.destination,
        revert: revert && {
          request: revert.request,
          fingerprint: revert.fingerprint,
        },
      };
    default:
      return action satisfies never;
  }
}
