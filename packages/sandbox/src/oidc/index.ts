export { redirectUriOf } from './configuration';
export { DefaultOidcServer } from './server';
export type { OidcServerOptions } from './server';
