import { useEffect, useRef } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { DeploymentAction } from '@slipway/plugin-delivery-common';
import { useDeploymentAction } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { ActionProgress } from './ActionProgress';
import styles from './PlanView.module.css';

/** A dry run under way, and what it says would happen to each resource. */
export function DryRunResult(props: {
  action: DeploymentAction;
  environment: string;
  /** Whether other options are chosen by now. */
  outdated: boolean;
  /** Told once that it is over. */
  onOver: () => void;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { action, error } = useDeploymentAction(props.action);
  const { environment, outdated } = props;

  const tell = useRef(props.onOver);
  useEffect(() => {
    tell.current = props.onOver;
  });
  const over = action.phase !== 'running';
  useEffect(() => {
    if (over) {
      tell.current();
    }
  }, [over]);

  // It stands above what the person looks at when pressing the button.
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    ref.current?.scrollIntoView?.({ block: 'nearest' });
  }, [over]);

  return (
    <section
      ref={ref}
      className={styles.section}
      aria-label={t('confirm.dryRunResult')}
    >
      {outdated && <p className={styles.asOf}>{t('confirm.dryRunOther')}</p>}
      <ActionProgress action={action} environment={environment} announced />
      {error && <p className={styles.asOf}>{t('action.notFollowed')}</p>}
    </section>
  );
}
