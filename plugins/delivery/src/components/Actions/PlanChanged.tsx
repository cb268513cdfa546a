import { useEffect, useRef } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { PlanDifference } from '../../domain/planDifferences';
import { deliveryTranslationRef } from '../../translation';
import dialog from './ActionDialog.module.css';
import styles from './PlanView.module.css';

/** What is different since the person looked. Nothing while nothing is. */
export function PlanChanged(props: {
  /** Absent until a plan was read again and the state was another one. */
  differences: PlanDifference[] | undefined;
  /** Whether to say so as well when nothing that shows is different. */
  expected: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { differences, expected } = props;
  const ref = useRef<HTMLDivElement>(null);
  const says = differences && (differences.length > 0 || expected);

  useEffect(() => {
    if (says) {
      // It stands above what the person looks at when pressing the button.
      ref.current?.scrollIntoView?.({ block: 'center' });
    }
  }, [says, differences]);

  return (
    // There before it says something, or screen readers would not hear it.
    <div role="status" ref={ref} className={dialog.live}>
      {says && (
        <Alert
          status="info"
          icon
          title={t('confirm.changedTitle')}
          description={
            differences.length === 0 ? (
              t('confirm.changedNothing')
            ) : (
              <ul className={styles.warnings}>
                {differences.map(difference => {
                  const sentence = words(difference);
                  return <li key={sentence}>{sentence}</li>;
                })}
              </ul>
            )
          }
        />
      )}
    </div>
  );

  function words(difference: PlanDifference): string {
    switch (difference.kind) {
      case 'sentence':
        return difference.change === 'new'
          ? t('confirm.changedNew', { what: difference.text })
          : t('confirm.changedGone', { what: difference.text });
      case 'resource': {
        const { kind, name, change } = difference.resource;
        const what =
          change === 'prune'
            ? t('confirm.changedResourcePruned', {
                resource: `${kind} ${name}`,
              })
            : t('confirm.changedResourceGone', { resource: `${kind} ${name}` });
        return difference.change === 'new'
          ? t('confirm.changedNew', { what })
          : t('confirm.changedGone', { what });
      }
      case 'release':
        return t('confirm.changedRelease');
      case 'files':
        return t('confirm.changedFiles');
      default:
        throw new TypeError(
          `Unknown difference ${JSON.stringify(difference satisfies never)}`,
        );
    }
  }
}
