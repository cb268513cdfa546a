import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Deployment,
  EnvironmentDescription,
} from '@slipway/plugin-delivery-common';
import {
  ObservationNote,
  RelativeTime,
  StatusBadge,
} from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { ActionAnnouncement, ActionProgress } from '../Actions/ActionProgress';
import { DeploymentActions } from '../Actions/DeploymentActions';
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
  environment: EnvironmentDescription;
  /** What people call the service. */
  service: string;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { deployment, several, environment, service } = props;
  const { assessment, observation, target, latestAction } = deployment;
  const bound = deployment.binding.state === 'bound';

  return (
    <article
      className={styles.deployment}
      data-stale={observation.state === 'stale' || undefined}
      data-unbound={!bound || undefined}
    >
      {several && (
        <h3 className={styles.target}>
          {[target.region, target.cluster].filter(Boolean).join(' · ') ||
            (target.application ?? t('tab.unbound'))}
        </h3>
      )}
      <div className={styles.status}>
        <StatusBadge
          status={assessment.status}
          observation={observation}
          bound={bound}
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
      <DeploymentActions
        deployment={deployment}
        environment={environment}
        service={service}
      />
      <ActionAnnouncement action={latestAction} />
      {latestAction && (
        <ActionProgress action={latestAction} environment={environment.title} />
      )}
      <ConditionList
        conditions={deployment.conditions}
        said={assessment.summary}
      />
      {bound ? (
        <Bound deployment={deployment} />
      ) : (
        <Unbound deployment={deployment} />
      )}
    </article>
  );
}

/** Everything: the platform says that it belongs to the service. */
function Bound(props: { deployment: Deployment }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useDeploymentWords();
  const { deployment } = props;
  const { assessment, replicas, target } = deployment;
  return (
    <>
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
              deployment={deployment}
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
        {deployment.policy && (
          <Fact name={t('tab.policy')}>{words.policy(deployment.policy)}</Fact>
        )}
        <Fact name={t('tab.target')}>
          <TargetFacts target={target} />
        </Fact>
      </dl>
    </>
  );
}

/**
 * Its status: more is for those to whom the platform says it belongs, and the
 * backend sends no more.
 */
function Unbound(props: { deployment: Deployment }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useDeploymentWords();
  const { sync, health } = props.deployment;
  return (
    <dl className={styles.facts}>
      <Fact name={t('tab.sync')}>{words.sync(sync)}</Fact>
      <Fact name={t('tab.health')}>{words.health(health)}</Fact>
    </dl>
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
