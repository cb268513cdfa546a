/**
 * Adapter: Argo CD applications for the delivery backend.
 *
 * @packageDocumentation
 */
export { deliveryModuleArgoCd as default } from './module';
