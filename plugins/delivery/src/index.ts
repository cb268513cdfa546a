/**
 * The fleet of deployments, and what runs where for each service in the
 * catalog: the plugin for the new frontend system. The one for the system
 * before it is in `./legacy`.
 *
 * @packageDocumentation
 */
export { deliveryPlugin as default } from './plugin';
export { isDeliveryAvailable } from './filter';
export { deliveryTranslationRef } from './translation';
