export { createModel } from './createModel';
export { MOST_SERVICES } from './generated';
export * from './queries';
export { nextPatch } from './releases';
export * from './types';
