import { EnvironmentDescription } from '@slipway/plugin-delivery-common';

/**
 * Whether people depend on an environment now, or would in an emergency: then a
 * confirmation names it loudly. Told by its id, as the platforms name their
 * environments; who may act there is the permission policy's business.
 */
export function isProduction(environment: EnvironmentDescription): boolean {
  return environment.standby || /^prod(uction)?\b/.test(environment.id);
}
