import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Header, Page } from '@backstage/core-components';
import { deliveryTranslationRef } from '../../translation';
import { DeploymentsPages } from './DeploymentsPages';

/** The pages with the header that the old frontend system does not add. */
export function LegacyFleetPage() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (
    <Page themeId="tool">
      <Header title={t('fleet.title')} />
      <div style={{ gridArea: 'pageContent', overflow: 'auto' }}>
        <DeploymentsPages />
      </div>
    </Page>
  );
}
