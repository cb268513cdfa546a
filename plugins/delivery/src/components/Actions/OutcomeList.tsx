import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ResourceOutcome } from '@slipway/plugin-delivery-common';
import { StatusBadge } from '@slipway/plugin-delivery-react';
import { outcomeLook, sortOutcomes } from '../../domain/actionLook';
import { resourceKey } from '../../domain/planDifferences';
import { deliveryTranslationRef } from '../../translation';
import { FoldedList } from './FoldedList';
import { ResourceName } from './ResourceName';
import { useActionWords } from './useActionWords';
import styles from './ActionProgress.module.css';

/** What happened, or would happen, to each resource; failures first. */
export function OutcomeList(props: {
  outcomes: ResourceOutcome[];
  dryRun: boolean;
  /** Whether the list opens only when asked for. */
  closed: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useActionWords();
  const { dryRun, closed } = props;
  const title = dryRun ? t('action.outcomesDryRun') : t('action.outcomes');
  return (
    <details className={styles.details} open={!closed}>
      <summary className={styles.outcomesTitle}>{title}</summary>
      <FoldedList
        className={styles.outcomes}
        label={title}
        items={sortOutcomes(props.outcomes).map(outcome => (
          <li
            key={`${resourceKey(outcome)} ${outcome.hook ?? ''}`}
            className={styles.outcome}
          >
            <StatusBadge
              glyphOnly
              status={outcomeLook(outcome.outcome)}
              word={words.outcome(outcome.outcome, dryRun)}
            />
            <span>
              <ResourceName resource={outcome} />{' '}
              <span aria-hidden="true">
                {words.outcome(outcome.outcome, dryRun)}
              </span>
              {outcome.hook && (
                <> ({t('action.hook', { phase: outcome.hook })})</>
              )}
              {outcome.message && (
                <span className={styles.detail}>{outcome.message}</span>
              )}
            </span>
          </li>
        ))}
      />
    </details>
  );
}
