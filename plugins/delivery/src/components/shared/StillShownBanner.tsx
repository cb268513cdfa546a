import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { useTimeWords } from '@slipway/plugin-delivery-react';
import { DateTime } from 'luxon';
import { deliveryTranslationRef } from '../../translation';

/** Says that the page could not be read again, and how old what it shows is. */
export function StillShownBanner(props: {
  /** When what is shown was read, in milliseconds since 1970. */
  readAt: number;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { ago } = useTimeWords();
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
