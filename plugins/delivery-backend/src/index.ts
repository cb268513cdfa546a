/**
 * The delivery backend: the read model of what runs where, and its API.
 *
 * @packageDocumentation
 */
export { deliveryPlugin as default } from './plugin';
