import { RootConfigService } from '@backstage/backend-plugin-api';

/**
 * Whether hints about changes name the services that changed.
 *
 * Backstage hands a broadcast to every socket that listens, even one of which
 * nobody has signed in. What it tells is the name of a service and that
 * something of it changed; no more, since pages read the rest through the API.
 * Where everybody who is signed in may see every service, that is little, and it
 * spares every open page of another service a read with each change.
 *
 * Where the policy shows services to their members only, their names and how
 * busy they are would be told to everybody else by the hints alone. So then hints
 * only say that something changed, and pages read what they show again.
 */
export function readHints(root: RootConfigService): { nameServices: boolean } {
  return {
    nameServices:
      root.getOptionalBoolean('delivery.hints.nameServices') ??
      // The key of our own policy. Whoever has another one says it above.
      root.getOptionalString('permission.slipway.readers') !== 'members',
  };
}
