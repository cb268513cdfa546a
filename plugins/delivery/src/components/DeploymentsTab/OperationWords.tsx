import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Deployment, SyncOperation } from '@slipway/plugin-delivery-common';
import {
  RelativeTime,
  useRecordedAction,
} from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { Actor, Person } from '../shared/Person';
import { Robot } from '../shared/Robot';
import { useDeploymentWords } from './useDeploymentWords';
import styles from './DeploymentFacts.module.css';

/** A sync, running or over: how it stands, who asked for it, and when. */
export function OperationWords(props: {
  deployment: Deployment;
  operation: SyncOperation;
  /** What the page already says; a message in it is not said again. */
  said: string;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useDeploymentWords();
  const { operation, said } = props;
  const { message } = operation;
  const at = operation.finishedAt ?? operation.startedAt;
  const remarks = [
    operation.dryRun && t('tab.operationDryRun'),
    operation.partial && t('tab.operationPartial'),
  ].filter(Boolean);
  // Of a sync that went well, Argo CD only repeats that it did.
  const tells = operation.phase !== 'succeeded' && !repeats(said, message);

  return (
    <>
      {words.operation(operation.phase)}
      {remarks.length > 0 && ` (${remarks.join(', ')})`}
      {at && (
        <>
          {', '}
          <RelativeTime at={at} />
        </>
      )}
      <Who deployment={props.deployment} operation={operation} />
      {message && tells && <span className={styles.message}>{message}</span>}
    </>
  );
}

/**
 * Who asked for it. Argo CD knows the portal's account only; whose request that
 * was stands in our own record, if it is one of ours: that an operation says so
 * itself proves nothing.
 */
function Who(props: { deployment: Deployment; operation: SyncOperation }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { deployment, operation } = props;
  const recorded = useRecordedAction(deployment, operation.actionId);
  const { automated, initiatedBy } = operation;
  if (recorded) {
    return (
      <>
        {`, ${t('tab.by')} `}
        <Actor actor={recorded.requestedBy} />
        {initiatedBy && (
          <span className={styles.message}>
            {t('action.viaPortal', { account: initiatedBy })}
          </span>
        )}
      </>
    );
  }
  if (automated) {
    return (
      <>
        {', '}
        <Robot name={t('tab.operationByItself')} />
      </>
    );
  }
  return initiatedBy ? (
    <>
      {`, ${t('tab.by')} `}
      <Person name={initiatedBy} />
    </>
  ) : null;
}

function repeats(said: string, message: string | undefined): boolean {
  return message !== undefined && said.includes(message.replace(/\.$/, ''));
}
