import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  EnvironmentDeployments,
  EnvironmentDifference,
} from '@slipway/plugin-delivery-common';
import { deliveryTranslationRef } from '../../translation';
import { DifferenceArrow } from '../shared/DifferenceArrow';
import { DeploymentFacts } from './DeploymentFacts';
import styles from './EnvironmentColumn.module.css';

/**
 * An environment of a service with what lies between it and the one before it:
 * a column where there is room, a block of a vertical flow where there is not.
 */
export function EnvironmentColumn(props: {
  environment: EnvironmentDeployments;
  /** What people call the environment that it is compared with. */
  previous?: string;
  /** What people call the service. */
  service: string;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { previous, service } = props;
  const { environment, deployments, difference } = props.environment;
  return (
    <li className={styles.environment}>
      {difference && (
        <span className={styles.joint}>
          <DifferenceArrow release={difference.release} />
        </span>
      )}
      <section className={styles.column} aria-label={environment.title}>
        <h2 className={styles.title}>
          {environment.title}
          {environment.standby && (
            <span className={styles.standby}>{t('tab.standby')}</span>
          )}
        </h2>
        {difference && previous !== undefined && (
          <Difference difference={difference} previous={previous} />
        )}
        {deployments.length === 0 && (
          <p className={styles.notHere}>{t('tab.notHere')}</p>
        )}
        {deployments.map(deployment => (
          <DeploymentFacts
            key={deployment.target.id}
            deployment={deployment}
            several={deployments.length > 1}
            environment={environment}
            service={service}
          />
        ))}
      </section>
    </li>
  );
}

function Difference(props: {
  difference: EnvironmentDifference;
  previous: string;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { difference, previous } = props;
  return (
    <div
      className={styles.difference}
      role="group"
      aria-label={t('tab.between', { environment: previous })}
    >
      <p className={styles.between}>{inWords()}</p>
      {difference.sentences.length > 0 && (
        <ul className={styles.sentences}>
          {difference.sentences.map(sentence => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </div>
  );

  function inWords(): string {
    switch (difference.release) {
      case 'same':
        return t('tab.same', { environment: previous });
      case 'behind':
        return t('tab.behind', { environment: previous });
      case 'ahead':
        return t('tab.ahead', { environment: previous });
      case 'different':
        return t('tab.different', { environment: previous });
      case 'unknown':
        return t('tab.unknown', { environment: previous });
      default:
        throw new TypeError(
          `Unknown difference ${difference.release satisfies never}`,
        );
    }
  }
}
