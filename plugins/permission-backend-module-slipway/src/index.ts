/**
 * Who may do what: the default permission policy of Slipway.
 *
 * @packageDocumentation
 */
export { permissionModuleSlipway as default } from './module';
