import { HumanDuration } from '@backstage/types';

/** Configuration of the Argo CD adapter of the delivery backend. */
export interface Config {
  /**
   * The Argo CD instances that deployments are read from and, with an
   * `actToken`, acted on. The keys are those of
   * the other Argo CD plugins for Backstage, so that one block serves all of
   * them; keys that only this adapter knows are marked as such.
   */
  argocd?: {
    /**
     * Local Argo CD user for every instance that has neither a `token` nor a
     * `username` of its own. A token is better: see `token`.
     */
    username?: string;
    /**
     * Password of `username`.
     *
     * @visibility secret
     */
    password?: string;
    /**
     * Read by other Argo CD plugins. Tolerated and not needed here: the
     * namespace of an application is always part of its identity.
     */
    namespacedApps?: boolean;
    /**
     * Where Argo CD instances are found. Only `type: config` is supported;
     * entries of another type are skipped with a warning.
     */
    appLocatorMethods?: Array<{
      /** `config`: the instances are listed here. */
      type: string;
      /** The instances. */
      instances?: Array<{
        /**
         * Name of the instance, unique. It is part of the identity of what is
         * stored, and `argocd/instance-name` annotations use it: do not rename
         * an instance lightly.
         */
        name: string;
        /**
         * Base URL of the instance's API server, such as
         * `https://argocd.example.com`, with the path of `--rootpath` if the
         * server has one. No user, password, query or fragment.
         */
        url: string;
        /**
         * API token of a local account or a project role, for reading. It needs
         * `get` on applications; with `get` on projects too, people learn when
         * a sync window opens.
         *
         * @visibility secret
         */
        token?: string;
        /**
         * Only here: API token of another account, for acting: refresh, sync and
         * terminate. It needs `get` and `sync` on applications. Without it, the
         * instance is only read.
         *
         * @visibility secret
         */
        actToken?: string;
        /**
         * Certificates of the only authorities that the instance's certificate
         * may be signed by: PEM, one or several, in base64. Absent: those that
         * Node.js trusts. Not together with `caFile`. The check of certificates
         * cannot be switched off.
         */
        caData?: string;
        /**
         * Path of a file with what `caData` holds, as plain PEM. Read once, when
         * the backend starts. Not together with `caData`.
         */
        caFile?: string;
        /** Local Argo CD user to log in as when there is no `token`. */
        username?: string;
        /**
         * Password of `username`.
         *
         * @visibility secret
         */
        password?: string;
        /**
         * Base URL for links that people open, where it is not `url`.
         */
        frontendUrl?: string;
        /** Only here: what people call the instance. Defaults to `name`. */
        title?: string;
        /**
         * Only here: how long one request may take before it counts as failed.
         * Defaults to 30 seconds. Does not limit the event stream.
         */
        requestTimeout?: HumanDuration | string;
        /**
         * Only here: how often the whole list of applications is read again to
         * correct events that Argo CD dropped. Defaults to 10 minutes, at least
         * 10 seconds; varied by a tenth either way, so that replicas and
         * instances do not ask in step.
         */
        relistInterval?: HumanDuration | string;
        /**
         * Only here: how many requests for single applications and commits may
         * be under way at once, beside the event stream and the list. Defaults
         * to 6; 2 to 64.
         */
        maxConcurrentRequests?: number;
      }>;
    }>;
  };
}
