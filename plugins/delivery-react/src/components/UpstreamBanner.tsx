import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { UpstreamStatus } from '@slipway/plugin-delivery-common';
import { asClause } from '../domain/asClause';
import { clockTime } from '../domain/timeSpan';
import { useNow } from '../hooks/useNow';
import { deliveryReactTranslationRef } from '../translation';
import styles from './UpstreamBanner.module.css';

/**
 * Props of {@link UpstreamBanner}.
 *
 * @public
 */
export type UpstreamBannerProps = { upstreams: UpstreamStatus[] };

/**
 * Says of every upstream that is not live what failed, since when, and what
 * still works. Nothing while all are live.
 *
 * @public
 */
export function UpstreamBanner(props: UpstreamBannerProps) {
  const { t } = useTranslationRef(deliveryReactTranslationRef);
  const failed = props.upstreams.filter(upstream => upstream.state !== 'live');
  if (failed.length === 0) {
    return null;
  }
  const partial = failed.length < props.upstreams.length;
  const onlyConnecting = failed.every(
    upstream => upstream.state === 'connecting',
  );
  return (
    <div role="status">
      <Alert
        status={onlyConnecting ? 'info' : 'warning'}
        icon
        title={
          <span className={styles.upstreams}>
            {failed.map(upstream => (
              <Upstream key={upstream.id} upstream={upstream} />
            ))}
          </span>
        }
        description={partial ? t('upstream.restWorks') : undefined}
      />
    </div>
  );
}

function Upstream(props: { upstream: UpstreamStatus }) {
  const { t } = useTranslationRef(deliveryReactTranslationRef);
  const now = useNow();
  const { upstream } = props;
  const { title, state } = upstream;
  const reason = upstream.reason && asClause(upstream.reason);
  const since = clockTime(upstream.since, now) ?? t('time.unknownTime');
  const contact =
    upstream.lastContactAt && clockTime(upstream.lastContactAt, now);

  return (
    <span>
      {whatFailed()}{' '}
      {contact
        ? t('upstream.lastContact', { at: contact })
        : t('upstream.neverContacted')}
    </span>
  );

  function whatFailed(): string {
    switch (state) {
      case 'live':
        return '';
      case 'down':
        return reason
          ? t('upstream.downReason', { title, since, reason })
          : t('upstream.down', { title, since });
      case 'refused':
        return reason
          ? t('upstream.refusedReason', { title, since, reason })
          : t('upstream.refused', { title, since });
      case 'connecting':
        return reason
          ? t('upstream.connectingReason', { title, since, reason })
          : t('upstream.connecting', { title, since });
      default:
        throw new TypeError(`Unknown upstream state ${state satisfies never}`);
    }
  }
}
