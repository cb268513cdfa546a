import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { timeSpan } from '../domain/timeSpan';
import { useNow } from '../hooks/useNow';
import { deliveryReactTranslationRef } from '../translation';

/**
 * Times in words, as of now.
 *
 * @public
 */
export type TimeWords = {
  /** Such as "12 min ago". */
  ago: (at: string) => string;
  /** Such as "12 min", for "12 min old" and narrow columns. */
  age: (at: string) => string;
};

/**
 * Times in the words of the viewer's language, kept up to date.
 *
 * @public
 */
export function useTimeWords(): TimeWords {
  const { t } = useTranslationRef(deliveryReactTranslationRef);
  const now = useNow();
  return {
    ago(at) {
      const span = timeSpan(at, now);
      if (!span) {
        return t('time.unknownTime');
      }
      const n = String(span.count);
      switch (span.unit) {
        case 'now':
          return t('time.now');
        case 'minutes':
          return t('time.minutes', { n });
        case 'hours':
          return t('time.hours', { n });
        case 'days':
          return t('time.days', { n });
        case 'months':
          return t('time.months', { n });
        case 'years':
          return t('time.years', { n });
        default:
          throw new TypeError(`Unknown unit ${span.unit satisfies never}`);
      }
    },
    age(at) {
      const span = timeSpan(at, now);
      if (!span) {
        return t('time.unknownTime');
      }
      const n = String(span.count);
      switch (span.unit) {
        case 'now':
          return t('time.ageNow');
        case 'minutes':
          return t('time.ageMinutes', { n });
        case 'hours':
          return t('time.ageHours', { n });
        case 'days':
          return t('time.ageDays', { n });
        case 'months':
          return t('time.ageMonths', { n });
        case 'years':
          return t('time.ageYears', { n });
        default:
          throw new TypeError(`Unknown unit ${span.unit satisfies never}`);
      }
    },
  };
}
