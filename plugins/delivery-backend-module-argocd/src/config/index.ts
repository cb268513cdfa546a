export { readArgoCdConfig } from './readArgoCdConfig';
export type { ArgoCdInstanceConfig } from './readArgoCdConfig';
