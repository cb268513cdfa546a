import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, Skeleton } from '@backstage/ui';
import {
  FleetWindow,
  Hint,
  useSignalsAvailable,
} from '@slipway/plugin-delivery-react';
import { Liveness, liveness } from '../../domain/liveness';
import { deliveryTranslationRef } from '../../translation';
import { useActivityLink } from '../shared/useActivityLink';
import styles from './FleetHeadline.module.css';

/** The first line of the fleet: how many, how well, how current. */
export function FleetHeadline(props: {
  fleet: FleetWindow;
  /** Whether filters hide services. */
  filtered: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const signals = useSignalsAvailable();
  const activity = useActivityLink()({});
  const { fleet, filtered } = props;
  const { summary } = fleet;

  if (!summary) {
    return (
      <div className={styles.headline}>
        {fleet.loading && <Skeleton width="18rem" height="1.5rem" />}
      </div>
    );
  }
  const { services, attention, all, unmatchedApplications } = summary.totals;
  const state = liveness({
    upstreams: summary.upstreams,
    failed: fleet.error !== undefined,
    signals,
  });
  return (
    <p className={styles.headline} aria-live="polite">
      <span className={styles.count}>
        {filtered
          ? t('fleet.servicesFound', {
              found: String(services),
              all: String(all),
            })
          : t('fleet.services', { count: services })}
      </span>
      <span className={styles.part} data-attention={attention > 0 || undefined}>
        {attention > 0
          ? t('fleet.attention', { count: attention })
          : t('fleet.attentionNone')}
      </span>
      <span className={styles.part}>
        <Live state={state} />
      </span>
      {unmatchedApplications > 0 && (
        <span className={styles.part}>
          <Hint hint={t('fleet.unmatchedHelp')}>
            {t('fleet.unmatched', { count: unmatchedApplications })}
          </Hint>
        </span>
      )}
      {fleet.outdated && (
        <span className={styles.part}>{t('fleet.outdated')}</span>
      )}
      {activity && (
        <span className={styles.activity}>
          <Link href={activity}>{t('activity.title')}</Link>
        </span>
      )}
    </p>
  );
}

function Live(props: { state: Liveness }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { word, help } = words(props.state);
  return (
    <Hint hint={help}>
      <span className={styles.live} data-state={props.state.state}>
        {word}
        <span className={styles.dot} aria-hidden="true" />
      </span>
    </Hint>
  );

  function words(state: Liveness): { word: string; help: string } {
    switch (state.state) {
      case 'live':
        return { word: t('live.live'), help: t('live.liveHelp') };
      case 'polling':
        return { word: t('live.polling'), help: t('live.pollingHelp') };
      case 'partial':
        return {
          word: t('live.partial', {
            live: String(state.live),
            all: String(state.all),
          }),
          help: t('live.partialHelp'),
        };
      case 'lost':
        return { word: t('live.lost'), help: t('live.lostHelp') };
      default:
        throw new TypeError(`Unknown state ${state satisfies never}`);
    }
  }
}
