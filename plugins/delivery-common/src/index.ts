/**
 * Types, permissions, annotations and channel names of the delivery plugins.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './errorCodes';
export * from './model';
export * from './permissions';
export * from './signals';
