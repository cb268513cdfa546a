import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  DeploymentTarget,
  EnvironmentDescription,
} from '@slipway/plugin-delivery-common';
import { isProduction } from '../../domain/isProduction';
import { deliveryTranslationRef } from '../../translation';
import styles from './Whereabouts.module.css';

/** Where an action acts; production cannot be overlooked. */
export function Whereabouts(props: {
  environment: EnvironmentDescription;
  /** Absent while the plan is being read. */
  target?: DeploymentTarget;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { environment, target } = props;
  const loud = isProduction(environment);
  const place = [target?.cluster, target?.region, target?.namespace]
    .filter(Boolean)
    .join(' · ');
  return (
    <div className={styles.where} data-loud={loud || undefined}>
      <p className={styles.environment}>
        {loud
          ? t('confirm.production', { environment: environment.title })
          : environment.title}
        {loud && !environment.standby && (
          <span className={styles.help}> {t('confirm.productionHelp')}</span>
        )}
      </p>
      {target?.application !== undefined && target.instance !== undefined && (
        <p className={styles.target}>
          {t('confirm.whereArgo', {
            application: target.application,
            instance: target.instance,
          })}
          {place && ` · ${place}`}
        </p>
      )}
    </div>
  );
}
