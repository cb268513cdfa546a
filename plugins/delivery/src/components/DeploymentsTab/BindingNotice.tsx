import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Deployment } from '@slipway/plugin-delivery-common';
import { CopyButton } from '@slipway/plugin-delivery-react';
import { applicationAnnotationSnippet } from '../../domain/onboarding';
import { deliveryTranslationRef } from '../../translation';
import styles from './BindingNotice.module.css';

/**
 * What to do where the platform does not say that an application belongs to the
 * service. Nothing where it does: then all is as it should be.
 */
export function BindingNotice(props: { deployment: Deployment }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { binding, entityRef } = props.deployment;
  if (binding.state === 'bound') {
    return null;
  }
  const snippet = applicationAnnotationSnippet(entityRef);
  return (
    <div className={styles.notice} role="note">
      <p>
        <strong>{t('tab.unbound')}.</strong> {binding.reason}{' '}
        {t('tab.unboundHidden')}
      </p>
      <p>{t('tab.unboundDo')}</p>
      <pre>
        <code>{snippet}</code>
      </pre>
      <CopyButton text={snippet} what={t('empty.annotateApplicationWhat')} />
    </div>
  );
}
