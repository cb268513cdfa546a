import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EnvironmentDifference } from '@slipway/plugin-delivery-common';
import { deliveryTranslationRef } from '../../translation';

/**
 * Says how an environment compares with the one before it, such as "behind
 * staging". `undefined` where that is not known.
 */
export function useDifferenceWords(): (
  release: EnvironmentDifference['release'] | undefined,
  environment: string,
) => string | undefined {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (release, environment) => {
    switch (release) {
      case 'behind':
        return t('cell.coming', { environment });
      case 'ahead':
        return t('cell.ahead', { environment });
      case 'different':
        return t('cell.different', { environment });
      case 'same':
        return t('cell.same', { environment });
      case 'unknown':
      case undefined:
        return undefined;
      default:
        throw new TypeError(`Unknown difference ${release satisfies never}`);
    }
  };
}
