export { PORTAL_POLICY } from './rbac';
export { createArgoCdSimulator } from './simulator';
export * from './types';
