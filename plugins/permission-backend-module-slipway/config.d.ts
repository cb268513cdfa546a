export interface Config {
  permission?: {
    /**
     * The policy of Slipway: who may do what. Everything is optional, and what is
     * not granted is denied.
     */
    slipway?: {
      /**
       * Which groups have which part. Full refs of groups of the catalog, such as
       * `group:default/operations`, in any case; members of a group's subgroups
       * are not members of it. A part without a group is nobody's.
       */
      groups?: {
        /** Who lets releases into guarded environments: they may sync there. */
        approvers?: string[];
        /** Who is on duty: they may do everything with every deployment. */
        operators?: string[];
        /**
         * Who runs the platform and this portal: they may do everything with
         * every deployment, manage the catalog, and have every permission of
         * other plugins.
         */
        platformEngineers?: string[];
      };

      /**
       * Ids of the environments in which owning a service is not enough to change
       * it. By default `production` and `recovery`. Deployments of which nothing
       * says where they belong are always guarded.
       */
      guarded?: string[];

      /**
       * Who may see where services run: `everyone` who is signed in, which is the
       * default, or `members`: the owners of the service, approvers, operators and
       * platform engineers.
       */
      readers?: 'everyone' | 'members';

      /**
       * Permissions of other plugins, by name, such as `kubernetes.resources.read`.
       * Those of Backstage that the policy knows can be set otherwise here; any
       * that is not known is for platform engineers only.
       */
      allow?: {
        [permission: string]: 'everyone' | 'platform-engineers';
      };
    };
  };
}
