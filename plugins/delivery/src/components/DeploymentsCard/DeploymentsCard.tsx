import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { Link, Skeleton } from '@backstage/ui';
import {
  EnvironmentDeployments,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import {
  RelativeTime,
  ReleaseChip,
  StatusBadge,
  UpstreamBanner,
  useServiceDeployments,
} from '@slipway/plugin-delivery-react';
import { mostUrgent, runsNowhere } from '../../domain/attention';
import { deliveryTranslationRef } from '../../translation';
import { ErrorState } from '../shared/ErrorState';
import { StillShownBanner } from '../shared/StillShownBanner';
import { ReadingWords } from '../shared/ReadingWords';
import { useDeploymentsTabLink } from '../shared/useDeploymentsTabLink';
import styles from './DeploymentsCard.module.css';

const LINES = ['first', 'second', 'third'];

/** Where the service of this entity page runs, and what needs attention. */
export function DeploymentsCard() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const { data, error, readAt, refetch } = useServiceDeployments(entityRef);
  const tabLink = useDeploymentsTabLink();

  return (
    <EntityInfoCard title={t('overview.title')}>
      <div className={styles.card}>{content()}</div>
    </EntityInfoCard>
  );

  function content(): ReactNode {
    if (!data) {
      return error ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <CardSkeleton />
      );
    }
    const empty = runsNowhere(data.environments);
    return (
      <>
        {error && readAt && (
          <StillShownBanner error={error} readAt={readAt} onRetry={refetch} />
        )}
        <UpstreamBanner upstreams={data.upstreams} />
        {empty ? <p>{t('empty.card')}</p> : <Environments data={data} />}
        <p>
          <Link href={tabLink(entityRef)}>
            {empty ? t('empty.cardNext') : t('overview.open')}
          </Link>
        </p>
      </>
    );
  }
}

function Environments(props: { data: ServiceDeployments }) {
  const { data } = props;
  return (
    <>
      <p className={styles.headline}>{data.headline}</p>
      <ul className={styles.environments}>
        {data.environments.map(environment => (
          <Environment
            key={environment.environment.id}
            environment={environment}
          />
        ))}
      </ul>
    </>
  );
}

function Environment(props: { environment: EnvironmentDeployments }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { environment, deployments } = props.environment;
  const urgent = mostUrgent(deployments);
  return (
    <li className={styles.environment}>
      <span className={styles.name}>{environment.title}</span>
      {urgent ? (
        <>
          <StatusBadge
            glyphOnly={
              urgent.assessment.status === 'healthy' &&
              urgent.binding.state === 'bound'
            }
            status={urgent.assessment.status}
            observation={urgent.observation}
            bound={urgent.binding.state === 'bound'}
          />
          {urgent.serving && <ReleaseChip release={urgent.serving} />}
          {urgent.servingSince && <RelativeTime at={urgent.servingSince} />}
          {deployments.length > 1 && (
            <span>{t('cell.targets', { count: deployments.length })}</span>
          )}
        </>
      ) : (
        <span className={styles.notHere}>{t('overview.notHere')}</span>
      )}
    </li>
  );
}

function CardSkeleton() {
  return (
    <div className={styles.card} aria-busy="true">
      <ReadingWords />
      <Skeleton width="90%" height="1rem" />
      {LINES.map(line => (
        <Skeleton key={line} width="70%" height="1.25rem" />
      ))}
    </div>
  );
}
