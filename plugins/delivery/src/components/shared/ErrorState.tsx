import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { deliveryErrorCode } from '@slipway/plugin-delivery-react';
import { errorKind } from '../../domain/errorKind';
import { deliveryTranslationRef } from '../../translation';

/**
 * The state of a page that could read nothing: what is wrong, and what still
 * works.
 */
export function ErrorState(props: {
  error: Error;
  /** Reads again. */
  onRetry: () => void;
  /** What else helps, such as dropping the filters. */
  action?: ReactNode;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { error } = props;
  const kind = errorKind(deliveryErrorCode(error));
  const { title, body } = words();
  return (
    <div role="alert">
      <Alert
        status={kind === 'starting' ? 'info' : 'danger'}
        icon
        isPending={kind === 'starting'}
        title={title}
        description={
          <>
            {body}
            {kind === 'unreachable' && (
              <> {t('error.details', { message: error.message })}</>
            )}
          </>
        }
        customActions={
          props.action ?? (
            <Button size="small" variant="secondary" onPress={props.onRetry}>
              {t('error.retry')}
            </Button>
          )
        }
      />
    </div>
  );

  function words(): { title: string; body: string } {
    switch (kind) {
      case 'starting':
        return {
          title: t('error.startingTitle'),
          body: t('error.startingBody'),
        };
      case 'not-allowed':
        return {
          title: t('error.notAllowedTitle'),
          body: t('error.notAllowedBody'),
        };
      case 'not-found':
        return {
          title: t('error.notFoundTitle'),
          body: t('error.notFoundBody'),
        };
      case 'bad-address':
        return {
          title: t('error.badAddressTitle'),
          body: t('error.badAddressBody'),
        };
      case 'unreachable':
        return {
          title: t('error.unreachableTitle'),
          body: t('error.unreachableBody'),
        };
      default:
        throw new TypeError(`Unknown kind ${kind satisfies never}`);
    }
  }
}
