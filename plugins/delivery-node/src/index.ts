/**
 * The ports of the delivery backend: what adapters implement and extend, and
 * the permission rules that policies are written with.
 *
 * @packageDocumentation
 */
export * from './application';
export * from './commands';
export * from './extensionPoints';
export * from './permissions';
export * from './source';
