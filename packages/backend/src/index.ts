// Before everything else: see there
import './instrumentation';
import { createBackend } from '@backstage/backend-defaults';
import { startOrExit } from './startOrExit';

const backend = createBackend();

// The built app, on the backend's own port
backend.add(import('@backstage/plugin-app-backend'));

// Sign-in by OpenID Connect; the provider is configuration
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@slipway/plugin-auth-backend-module-oidc'));

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('@slipway/plugin-permission-backend-module-slipway'));

// On PostgreSQL the first engine is used; elsewhere it stands aside for Lunr
backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-pg'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));

// Events between replicas, signals to browsers, notifications to people
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));

backend.add(import('@backstage/plugin-user-settings-backend'));

// What runs where
backend.add(import('@slipway/plugin-delivery-backend'));
backend.add(import('@slipway/plugin-delivery-backend-module-argocd'));

startOrExit(backend, {
  exit: status => process.exit(status),
  say: text => process.stderr.write(text),
});
