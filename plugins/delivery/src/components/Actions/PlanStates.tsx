import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Skeleton } from '@backstage/ui';
import {
  isSessionEnded,
  useDeliveryErrorWords,
} from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { useSignInAgain } from '../shared/useSignInAgain';
import styles from './PlanView.module.css';

const LINES = ['90%', '75%', '82%'];

/** The shape of a plan while it is being worked out. */
export function PlanSkeleton() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (
    <div className={styles.skeleton}>
      <p role="status" className={styles.reading}>
        {t('confirm.reading')}
      </p>
      {LINES.map(width => (
        <Skeleton key={width} width={width} height="1rem" />
      ))}
      <Skeleton width="100%" height="5rem" />
    </div>
  );
}

/** That the plan cannot be had now, why, and the way to try again. */
export function PlanError(props: { error: Error; onRetry: () => void }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useDeliveryErrorWords()(props.error);
  const signInAgain = useSignInAgain();
  const ended = isSessionEnded(props.error);
  return (
    <div role="alert">
      <Alert
        status={ended ? 'warning' : 'danger'}
        icon
        title={t('confirm.planFailed')}
        description={`${words.title} ${words.detail}`}
        customActions={
          <Button
            size="small"
            variant="secondary"
            onPress={ended ? signInAgain : props.onRetry}
          >
            {ended ? t('error.signIn') : t('confirm.retry')}
          </Button>
        }
      />
    </div>
  );
}
