export { createArgoCdSimulator } from './simulator';
export * from './types';
