import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { errorKind } from '../../domain/errorKind';
import { deliveryTranslationRef } from '../../translation';
import { useSignInAgain } from './useSignInAgain';

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
  const signInAgain = useSignInAgain();
  const { error } = props;
  const kind = errorKind(error);
  const { title, body } = words();
  return (
    <div role="alert">
      <Alert
        status={status()}
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
        customActions={action()}
      />
    </div>
  );

  function status() {
    switch (kind) {
      case 'starting':
        return 'info';
      case 'session-ended':
        return 'warning';
      default:
        return 'danger';
    }
  }

  function action(): ReactNode {
    if (kind === 'session-ended') {
      return (
        <Button size="small" variant="primary" onPress={signInAgain}>
          {t('error.signIn')}
        </Button>
      );
    }
    return (
      props.action ?? (
        <Button size="small" variant="secondary" onPress={props.onRetry}>
          {t('error.retry')}
        </Button>
      )
    );
  }

  function words(): { title: string; body: string } {
    switch (kind) {
      case 'starting':
        return {
          title: t('error.startingTitle'),
          body: t('error.startingBody'),
        };
      case 'session-ended':
        return {
          title: t('error.sessionEndedTitle'),
          body: t('error.sessionEndedBody'),
        };
      case 'activity-not-allowed':
        return {
          title: t('error.activityNotAllowedTitle'),
          body: t('error.activityNotAllowedBody'),
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
