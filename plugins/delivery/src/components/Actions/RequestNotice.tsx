import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import {
  ActionRequester,
  isSessionEnded,
  useDeliveryErrorWords,
} from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { useSignInAgain } from '../shared/useSignInAgain';

/** What became of a request that was not simply taken on. */
export function RequestNotice(props: {
  requester: ActionRequester;
  /** Whether something else says already why nothing was done. */
  hidden: boolean;
}) {
  const { requester, hidden } = props;
  // There before it says something, or screen readers would not hear it.
  return <div role="status">{!hidden && <Notice requester={requester} />}</div>;
}

function Notice(props: { requester: ActionRequester }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const errorWords = useDeliveryErrorWords();
  const signInAgain = useSignInAgain();
  const { state } = props.requester;
  switch (state.phase) {
    case 'idle':
    case 'sending':
    case 'accepted':
      return null;
    case 'looking':
      return (
        <Alert status="info" icon isPending title={t('confirm.looking')} />
      );
    case 'not-known':
      return (
        <Alert
          status="warning"
          icon
          title={t('confirm.notKnownTitle')}
          description={t('confirm.notKnownDetail')}
        />
      );
    case 'refused': {
      const { title, detail } = errorWords(state.error);
      const ended = isSessionEnded(state.error);
      return (
        <Alert
          status={ended ? 'warning' : 'danger'}
          icon
          title={title}
          description={detail}
          customActions={
            ended ? (
              <Button size="small" variant="secondary" onPress={signInAgain}>
                {t('error.signIn')}
              </Button>
            ) : undefined
          }
        />
      );
    }
    default:
      throw new TypeError(
        `Unknown state ${JSON.stringify(state satisfies never)}`,
      );
  }
}
