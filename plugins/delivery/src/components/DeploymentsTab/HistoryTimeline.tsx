import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Select, Skeleton } from '@backstage/ui';
import { RiRobot2Line } from '@remixicon/react';
import {
  HistoryEntry,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import {
  RelativeTime,
  ReleaseChip,
  releaseView,
  useHistory,
} from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { Person } from '../shared/Person';
import { CommitWords } from './CommitWords';
import styles from './HistoryTimeline.module.css';

/** The key of "all environments" in the list; no environment has an empty id. */
const EVERY_ENVIRONMENT = '';

/** Entries a page: about a screen of them. */
const PAGE = 10;

/** What was deployed of a service: who, when, what; newest first. */
export function HistoryTimeline(props: {
  data: ServiceDeployments;
  /** Shows nothing at all when nothing was ever deployed. */
  hideWhenEmpty?: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { data, hideWhenEmpty } = props;
  const [environment, setEnvironment] = useState<string | undefined>();
  const history = useHistory(data.entityRef, { environment, limit: PAGE });
  const { entries } = history;

  if (hideWhenEmpty && !environment && !entries?.length) {
    return null;
  }
  return (
    <section className={styles.history} aria-label={t('tab.history')}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t('tab.history')}</h2>
        <Select
          className={styles.select}
          aria-label={t('history.environment')}
          options={[
            { id: EVERY_ENVIRONMENT, label: t('history.all') },
            ...data.environments.map(other => ({
              id: other.environment.id,
              label: other.environment.title,
            })),
          ]}
          value={environment ?? EVERY_ENVIRONMENT}
          onChange={key =>
            setEnvironment(key === EVERY_ENVIRONMENT ? undefined : String(key))
          }
        />
      </div>
      {history.error && (
        <div role="alert">
          <Alert
            status="warning"
            icon
            title={t('error.historyFailed')}
            description={history.error.message}
            customActions={
              <Button
                size="small"
                variant="secondary"
                onPress={history.refetch}
              >
                {t('error.retry')}
              </Button>
            }
          />
        </div>
      )}
      {history.loading && (
        <div aria-busy="true" className={styles.loading}>
          <Skeleton width="60%" height="1rem" />
          <Skeleton width="50%" height="1rem" />
          <Skeleton width="55%" height="1rem" />
        </div>
      )}
      {entries?.length === 0 && <p>{t('history.empty')}</p>}
      {entries && entries.length > 0 && (
        <ol className={styles.entries}>
          {entries.map(entry => (
            <Entry
              key={entry.id}
              entry={entry}
              environment={titleOf(data, entry.environment)}
              showTarget={hasSeveralTargets(data, entry.environment)}
            />
          ))}
        </ol>
      )}
      {history.hasMore && (
        <div>
          <Button
            variant="secondary"
            isDisabled={history.loadingMore}
            onPress={history.loadMore}
          >
            {history.loadingMore ? t('history.loadingMore') : t('history.more')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Entry(props: {
  entry: HistoryEntry;
  environment: string;
  showTarget: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { entry, environment, showTarget } = props;
  const commit = entry.release.revisions.find(source => source.commit)?.commit;
  const { region, cluster, application } = entry.target;
  return (
    <li className={styles.entry} data-source={entry.source}>
      <div className={styles.what}>
        {releaseView(entry.release) ? (
          <ReleaseChip release={entry.release} />
        ) : (
          t('history.unknownRelease')
        )}
        <span aria-hidden="true">→</span>
        <span className={styles.where}>{environment}</span>
        {showTarget && (
          <span>
            {t('history.target', { target: region ?? cluster ?? application })}
          </span>
        )}
        <RelativeTime at={entry.at} />
        <span className={styles.who}>
          <Who entry={entry} />
        </span>
      </div>
      {commit && <CommitWords commit={commit} as="served" />}
    </li>
  );
}

function Who(props: { entry: HistoryEntry }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { source, automated, initiatedBy } = props.entry;
  if (automated) {
    return (
      <>
        <RiRobot2Line aria-hidden="true" className={styles.icon} />
        {t('history.byItself')}
        <span className={styles.robot}>{t('history.robot')}</span>
      </>
    );
  }
  if (initiatedBy) {
    return <Person name={initiatedBy} />;
  }
  return (
    <>
      {source === 'observed' ? t('history.observed') : t('history.byUnknown')}
    </>
  );
}

function titleOf(data: ServiceDeployments, id: string): string {
  return (
    data.environments.find(({ environment }) => environment.id === id)
      ?.environment.title ?? id
  );
}

function hasSeveralTargets(data: ServiceDeployments, id: string): boolean {
  return data.environments.some(
    ({ environment, deployments }) =>
      environment.id === id && deployments.length > 1,
  );
}
