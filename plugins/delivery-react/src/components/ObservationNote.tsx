import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Observation } from '@slipway/plugin-delivery-common';
import { asClause } from '../domain/asClause';
import { deliveryReactTranslationRef } from '../translation';
import { useTimeWords } from './useTimeWords';

/**
 * Props of {@link ObservationNote}.
 *
 * @public
 */
export type ObservationNoteProps = { observation: Observation };

/**
 * How old a figure is and why, such as "12 min old: Argo CD n9 does not
 * answer". Nothing while the figure is fresh.
 *
 * @public
 */
export function ObservationNote(props: ObservationNoteProps) {
  const { t } = useTranslationRef(deliveryReactTranslationRef);
  const { age } = useTimeWords();
  const { state, observedAt } = props.observation;
  const reason = props.observation.reason && asClause(props.observation.reason);
  switch (state) {
    case 'fresh':
      return null;
    case 'stale': {
      const ageWords = age(observedAt ?? '');
      return (
        <span>
          {reason
            ? t('observation.stale', { age: ageWords, reason })
            : t('observation.staleNoReason', { age: ageWords })}
        </span>
      );
    }
    case 'unknown':
      return (
        <span>
          {reason
            ? t('observation.unknown', { reason })
            : t('observation.unknownNoReason')}
        </span>
      );
    default:
      throw new TypeError(`Unknown observation state ${state satisfies never}`);
  }
}
