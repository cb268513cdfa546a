import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { ActionPlan, SyncOptions } from '@slipway/plugin-delivery-common';
import {
  clockTime,
  RelativeTime,
  useNow,
} from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { ChangeList } from './ChangeList';
import { RevertView } from './RevertView';
import styles from './PlanView.module.css';

/**
 * What would happen, in the order in which it matters to who decides: whether it
 * is possible, what must not be overlooked, what happens, to what.
 */
export function PlanView(props: {
  plan: ActionPlan;
  /** As chosen so far: they say what becomes of what git no longer has. */
  options: SyncOptions;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { plan, options } = props;
  const { blocked, warnings, steps, changes, revert } = plan;
  return (
    <>
      {blocked && <Blocked blocked={blocked} />}
      {warnings.length > 0 && (
        <div role="group" aria-label={t('confirm.warnings')}>
          <Alert
            status="warning"
            icon
            title={t('confirm.warnings')}
            description={
              <ul className={styles.warnings}>
                {warnings.map(warning => (
                  <li key={warning}>{warning}</li>
                ))}
              </ul>
            }
          />
        </div>
      )}
      {steps.length > 0 && (
        <section className={styles.section}>
          <h3 className={styles.heading}>
            {blocked ? t('confirm.stepsBlocked') : t('confirm.steps')}
          </h3>
          <ol className={styles.steps}>
            {steps.map(step => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p className={styles.asOf}>
            {t('confirm.readAt')} <RelativeTime at={plan.observedAt} />.
          </p>
        </section>
      )}
      {revert && <RevertView revert={revert} />}
      {changes && (
        <ChangeList changes={changes} prune={options.prune ?? false} />
      )}
    </>
  );
}

function Blocked(props: { blocked: NonNullable<ActionPlan['blocked']> }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const now = useNow();
  const { reason, until } = props.blocked;
  const clock = until && clockTime(until, now);
  return (
    <div role="alert">
      <Alert
        status="danger"
        icon
        title={t('confirm.blocked')}
        description={
          <>
            {reason}
            {clock && <> {t('confirm.until', { clock })}</>}
          </>
        }
      />
    </div>
  );
}
