import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Deployment } from '@slipway/plugin-delivery-common';
import {
  ObservationNote,
  RelativeTime,
  StatusBadge,
} from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { BindingNotice } from './BindingNotice';
import { ConditionList } from './ConditionList';
import { OperationWords } from './OperationWords';
import { Releases } from './Releases';
import { TargetFacts } from './TargetFacts';
import { useDeploymentWords } from './useDeploymentWords';
import styles from './DeploymentFacts.module.css';

/** Everything that is known of one deployment, the answer first. */
export function DeploymentFacts(props: {
  deployment: Deployment;
  /** Whether the environment has other targets beside this one. */
  several: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useDeploymentWords();
  const { deployment, several } = props;
  const { assessment, observation, target, replicas } = deployment;

  return (
    <article
      className={styles.deployment}
      data-stale={observation.state === 'stale' || undefined}
    >
      {several && (
        <h3 className={styles.target}>
          {[target.region, target.cluster].filter(Boolean).join(' · ') ||
            target.application}
        </h3>
      )}
      <div className={styles.status}>
        <StatusBadge
          status={assessment.status}
          observation={observation}
          bound={deployment.binding.state === 'bound'}
        />
        {assessment.since && (
          <span>
            {t('tab.lasting')} <RelativeTime form="age" at={assessment.since} />
          </span>
        )}
      </div>
      <p className={styles.summary}>{assessment.summary}</p>
      {observation.state !== 'fresh' && (
        <p className={styles.observation}>
          <ObservationNote observation={observation} />
        </p>
      )}
      <BindingNotice deployment={deployment} />
      <ConditionList
        conditions={deployment.conditions}
        said={assessment.summary}
      />
      <Releases deployment={deployment} />
      <dl className={styles.facts}>
        <Fact name={t('tab.sync')}>{words.sync(deployment.sync)}</Fact>
        <Fact name={t('tab.health')}>
          {words.health(deployment.health)}
          {deployment.healthSince && (
            <>
              {' '}
              {t('tab.lasting')}{' '}
              <RelativeTime form="age" at={deployment.healthSince} />
            </>
          )}
          {deployment.healthMessage && (
            <span className={styles.message}>{deployment.healthMessage}</span>
          )}
        </Fact>
        {deployment.operation && (
          <Fact name={t('tab.operation')}>
            <OperationWords
              operation={deployment.operation}
              said={assessment.summary}
            />
          </Fact>
        )}
        {replicas && (
          <Fact name={t('tab.replicas')}>
            {words.replicas(replicas)}
            {deployment.replicasObservedAt && (
              <>
                {', '}
                {t('tab.asOf')}{' '}
                <RelativeTime at={deployment.replicasObservedAt} />
              </>
            )}
          </Fact>
        )}
        <Fact name={t('tab.policy')}>{words.policy(deployment.policy)}</Fact>
        <Fact name={t('tab.target')}>
          <TargetFacts target={target} />
        </Fact>
      </dl>
    </article>
  );
}

function Fact(props: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
