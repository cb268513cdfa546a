import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SyncOperation } from '@slipway/plugin-delivery-common';
import { RelativeTime } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { useDeploymentWords } from './useDeploymentWords';
import styles from './DeploymentFacts.module.css';

/** A sync, running or over: how it stands, who asked for it, and when. */
export function OperationWords(props: { operation: SyncOperation }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useDeploymentWords();
  const { operation } = props;
  const at = operation.finishedAt ?? operation.startedAt;
  const who = operation.automated
    ? t('history.byItself')
    : operation.initiatedBy &&
      t('tab.operationBy', { who: operation.initiatedBy });
  const remarks = [
    who,
    operation.dryRun && t('tab.operationDryRun'),
    operation.partial && t('tab.operationPartial'),
  ].filter(Boolean);

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
      {operation.message && (
        <span className={styles.message}>{operation.message}</span>
      )}
    </>
  );
}
