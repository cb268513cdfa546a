import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SyncOperation } from '@slipway/plugin-delivery-common';
import { RelativeTime } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { Person } from '../shared/Person';
import { useDeploymentWords } from './useDeploymentWords';
import styles from './DeploymentFacts.module.css';

/** A sync, running or over: how it stands, who asked for it, and when. */
export function OperationWords(props: {
  operation: SyncOperation;
  /** What the page already says; a message in it is not said again. */
  said: string;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useDeploymentWords();
  const { operation, said } = props;
  const { initiatedBy, message } = operation;
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
      {(operation.automated || initiatedBy) && (
        <>
          {', '}
          {operation.automated ? (
            t('tab.operationByItself')
          ) : (
            <>
              {t('tab.by')} <Person name={initiatedBy ?? ''} />
            </>
          )}
        </>
      )}
      {message && tells && <span className={styles.message}>{message}</span>}
    </>
  );
}

function repeats(said: string, message: string | undefined): boolean {
  return message !== undefined && said.includes(message.replace(/\.$/, ''));
}
