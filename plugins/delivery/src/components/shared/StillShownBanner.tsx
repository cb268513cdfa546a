import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { isSessionEnded, useTimeWords } from '@slipway/plugin-delivery-react';
import { DateTime } from 'luxon';
import { deliveryTranslationRef } from '../../translation';
import { ErrorState } from './ErrorState';

/**
 * Says that the page could not be read again, and how old what it shows is; or
 * that the session has ended, which no waiting mends.
 */
export function StillShownBanner(props: {
  error: Error;
  /** Reads again. */
  onRetry: () => void;
  /** When what is shown was read, in milliseconds since 1970. */
  readAt: number;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { ago } = useTimeWords();
  if (isSessionEnded(props.error)) {
    return <ErrorState error={props.error} onRetry={props.onRetry} />;
  }
  const at = DateTime.fromMillis(props.readAt, { zone: 'utc' }).toISO() ?? '';
  return (
    <div role="status">
      <Alert
        status="warning"
        icon
        title={t('error.stillShown', { ago: ago(at) })}
      />
    </div>
  );
}
