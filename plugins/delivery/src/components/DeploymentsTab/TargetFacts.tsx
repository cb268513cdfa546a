import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { DeploymentTarget } from '@slipway/plugin-delivery-common';
import { deliveryTranslationRef } from '../../translation';

/** Where a deployment runs, and the way to it in Argo CD. */
export function TargetFacts(props: { target: DeploymentTarget }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { cluster, region, namespace, application, url } = props.target;
  const place = [
    cluster,
    region,
    namespace && `${t('tab.namespace')} ${namespace}`,
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <>
      {place && <div>{place}</div>}
      <div>
        {url && /^https?:\/\//i.test(url) ? (
          <Link href={url} target="_blank" rel="noopener noreferrer">
            {t('tab.openArgo', { application: application ?? '' })}
          </Link>
        ) : (
          application && `${t('tab.application')} ${application}`
        )}
      </div>
    </>
  );
}
