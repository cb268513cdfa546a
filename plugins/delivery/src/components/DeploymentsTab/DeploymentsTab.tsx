import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  EmptyState,
  UpstreamBanner,
  useServiceDeployments,
} from '@slipway/plugin-delivery-react';
import { ServiceDeployments } from '@slipway/plugin-delivery-common';
import { runsNowhere } from '../../domain/attention';
import {
  applicationAnnotationSnippet,
  entityAnnotationSnippet,
} from '../../domain/onboarding';
import { deliveryTranslationRef } from '../../translation';
import { ErrorState } from '../shared/ErrorState';
import { StillShownBanner } from '../shared/StillShownBanner';
import { EnvironmentColumn } from './EnvironmentColumn';
import { HistoryTimeline } from './HistoryTimeline';
import { RecentActivity } from './RecentActivity';
import { TabSkeleton } from './TabSkeleton';
import styles from './DeploymentsTab.module.css';

/** Where the service of this entity page runs, and what was deployed of it. */
export function DeploymentsTab() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  // A page can change its entity without leaving; nothing of the old one stays.
  return (
    <ServiceTab
      key={entityRef}
      entityRef={entityRef}
      service={entity.metadata.title ?? entity.metadata.name}
    />
  );
}

function ServiceTab(props: { entityRef: string; service: string }) {
  const { entityRef, service } = props;
  const { data, error, readAt, loading, refetch } =
    useServiceDeployments(entityRef);

  if (!data) {
    return (
      <div className={styles.tab}>
        {loading || !error ? (
          <TabSkeleton />
        ) : (
          <ErrorState error={error} onRetry={refetch} />
        )}
      </div>
    );
  }
  return (
    <div className={styles.tab}>
      {error && readAt && (
        <StillShownBanner error={error} readAt={readAt} onRetry={refetch} />
      )}
      <UpstreamBanner upstreams={data.upstreams} />
      <Service data={data} service={service} />
    </div>
  );
}

function Service(props: { data: ServiceDeployments; service: string }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { data, service } = props;

  if (runsNowhere(data.environments)) {
    return (
      <>
        <EmptyState
          title={t('empty.serviceTitle')}
          description={<p>{t('empty.serviceDescription')}</p>}
          snippets={[
            {
              title: t('empty.annotateEntity'),
              what: t('empty.annotateEntityWhat'),
              text: entityAnnotationSnippet(data.entityRef),
            },
            {
              title: t('empty.annotateApplication'),
              what: t('empty.annotateApplicationWhat'),
              text: applicationAnnotationSnippet(data.entityRef),
            },
          ]}
        />
        <HistoryTimeline data={data} hideWhenEmpty />
      </>
    );
  }
  return (
    <>
      <p className={styles.headline}>{data.headline}</p>
      <section aria-label={t('tab.environments')}>
        <ol className={styles.environments}>
          {data.environments.map((environment, index) => (
            <EnvironmentColumn
              key={environment.environment.id}
              environment={environment}
              previous={comparedWith(data, index)}
              service={service}
            />
          ))}
        </ol>
      </section>
      <RecentActivity data={data} />
      <HistoryTimeline data={data} />
    </>
  );
}

/** What people call the environment that another one is compared with. */
function comparedWith(
  data: ServiceDeployments,
  index: number,
): string | undefined {
  const from = data.environments[index].difference?.from;
  if (from === undefined) {
    return undefined;
  }
  const previous = data.environments.find(
    ({ environment }) => environment.id === from,
  );
  return previous?.environment.title ?? from;
}
