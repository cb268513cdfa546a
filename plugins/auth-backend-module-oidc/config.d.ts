export interface Config {
  auth?: {
    providers?: {
      oidc?: {
        /**
         * Keys of `auth.providers.oidc.<environment>` beside those of
         * `@backstage/plugin-auth-backend-module-oidc-provider`.
         */
        [environment: string]: {
          /**
           * Finds the person in the catalog by an identifier that never changes,
           * instead of by e-mail address. When it is set, `signIn.resolvers` is
           * not asked.
           */
          matchUser?: {
            /**
             * Claim of the ID token or of userinfo, such as `oid` or `sub`. Its
             * value is a string.
             */
            claim: string;
            /**
             * Annotation of the User entity that has the same value, such as
             * `graph.microsoft.com/user-id`.
             */
            annotation: string;
          };
          /**
           * Whether signing out of the portal also ends the session at the
           * provider (OpenID Connect RP-Initiated Logout). The provider has to
           * have an `end_session_endpoint`, and to know `app.baseUrl` as a place
           * to come back to. The default is false.
           */
          endProviderSession?: boolean;
        };
      };
    };
  };
}
