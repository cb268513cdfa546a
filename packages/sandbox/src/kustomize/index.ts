export * from './directory';
export * from './errors';
export * from './objects';
export * from './render';
export * from './scope';
export * from './share';
export * from './source';
export { compileSelector } from './select';
export { listKeyOf } from './listKeys';
