import { ReactElement } from 'react';
import { useLocation } from 'react-router-dom';
import { IdentityApi, identityApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { deliveryApiRef } from '@slipway/plugin-delivery-react';
import { createClient } from './backend';

const checkout = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'checkout', namespace: 'default' },
  spec: { type: 'service' },
};

const ada = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'ada', namespace: 'default' },
  spec: { profile: { displayName: 'Ada Lovelace' }, memberOf: [] },
};

function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="address">{`${pathname}${search}`}</output>;
}

/** Shows a page of the service `checkout` over the real client. */
export function renderPage(
  element: ReactElement,
  options: { address?: string; identity?: Partial<IdentityApi> } = {},
) {
  const identity: Partial<IdentityApi> = {
    getBackstageIdentity: async () => ({
      type: 'user',
      userEntityRef: 'user:default/ada',
      ownershipEntityRefs: [],
    }),
    signOut: async () => {},
    ...options.identity,
  };
  return renderInTestApp(
    <>
      <EntityProvider entity={checkout}>{element}</EntityProvider>
      <Address />
    </>,
    {
      apis: [
        [deliveryApiRef, createClient()],
        [identityApiRef, identity as IdentityApi],
        [catalogApiRef, catalogApiMock({ entities: [checkout, ada] })],
      ],
      initialRouteEntries: [options.address ?? '/'],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
}
