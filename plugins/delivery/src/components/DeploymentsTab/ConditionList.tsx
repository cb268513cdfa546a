import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { DeploymentCondition } from '@slipway/plugin-delivery-common';
import { RelativeTime } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import styles from './ConditionList.module.css';

/** What Argo CD complains about, in its own words. Nothing when it does not. */
export function ConditionList(props: {
  conditions: DeploymentCondition[];
  /** What the page already says; a complaint in it is not made again. */
  said: string;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const conditions = props.conditions.filter(
    ({ message }) => !props.said.includes(message.replace(/\.$/, '')),
  );
  if (conditions.length === 0) {
    return null;
  }
  return (
    <ul className={styles.conditions} aria-label={t('tab.conditions')}>
      {conditions.map(condition => (
        <li
          key={`${condition.type} ${condition.message}`}
          data-severity={condition.severity}
        >
          <strong>{condition.type}</strong>
          {condition.since && (
            <>
              {' '}
              {t('tab.lasting')}{' '}
              <RelativeTime form="age" at={condition.since} />
            </>
          )}
          <span className={styles.message}>{condition.message}</span>
        </li>
      ))}
    </ul>
  );
}
