import { HumanDuration } from '@backstage/types';

export interface Config {
  /**
   * What runs where: how applications become deployments of services.
   *
   * Everything here is optional. Without any of it, services are promoted along
   * development, staging, production and recovery, and environments are told by
   * the names of namespaces, applications and clusters.
   */
  delivery?: {
    /**
     * The environments, by id (lower-case letters, digits and dashes). Where the
     * key is set, only those that are named exist; `development`, `staging`,
     * `production` and `recovery` keep their defaults for what is not said.
     */
    environments?: {
      [id: string]: {
        /** What people call it. By default the id. */
        title?: string;
        /**
         * Other names of it: what namespaces and applications end in, and words
         * of cluster names. Whole words only: `prod` is not in `preprod`.
         */
        aliases?: string[];
        /**
         * It mirrors the last environment of its chain for recovery, and is
         * never promoted into by hand. By default true of `recovery` only.
         */
        standby?: boolean;
      };
    };

    /** The orders in which platforms promote their environments, by id. */
    chains?: {
      [id: string]: {
        /** What people call it. By default the id. */
        title?: string;
        /** Ids of environments, in the order of promotion, a standby last. */
        environments: string[];
        /** Services with any such application are of this chain. */
        applications?: ApplicationCondition[];
        /**
         * Services like any of these are of this chain, unless their
         * applications or their annotation `slipway.dev/chain` say otherwise.
         */
        services?: Array<{
          /** Glob or globs on `metadata.name`. */
          name?: string | string[];
          /** Glob or globs on `metadata.namespace`. */
          namespace?: string | string[];
          /** Glob or globs on the system's ref: `system:default/n9`. */
          system?: string | string[];
          /** Glob or globs on an owner's ref: `group:default/n9-*`. */
          owner?: string | string[];
        }>;
      };
    };

    /** Id of the chain of all other services. By default the first one. */
    defaultChain?: string;

    /**
     * What names do not say. Of the rules that fit an application, the first one
     * that says it decides; `ignore` in any of them takes the application out.
     */
    rules?: Array<{
      /** What the application is like; every key must hold. */
      match: ApplicationCondition;
      /** It is no deployment of a service. */
      ignore?: boolean;
      /** Id of its environment. */
      environment?: string;
      /**
       * Ref of the service that it deploys. As the platform's own word, this
       * binds the deployment.
       */
      service?: string;
      /** Id of its service's chain. */
      chain?: string;
    }>;

    /**
     * Whose the applications are: of the entries that fit an application, the
     * first one decides. Services of that owner whose annotations claim the
     * application, or whose name it has, are bound to it: all of it is shown, and
     * can be acted on. Nobody else's claim on it counts. An application's own
     * annotation `backstage.io/entity-ref` and `service` of a rule come first.
     */
    bindings?: Array<{
      /** What the application is like; every key must hold. */
      match: ApplicationCondition;
      /**
       * Ref of the group or user that owns the services: `group:default/payments`.
       */
      owner: string;
    }>;

    /** What is known of clusters, by the name that Argo CD has for them. */
    clusters?: {
      [name: string]: {
        /** URL of its API server, for applications that name only that. */
        server?: string;
        /** Its region, such as `us-east-1`. EKS host names say it, too. */
        region?: string;
      };
    };

    /** The Git repositories that Argo CD deploys from, for reverts. */
    gitops?: {
      /**
       * What the portal writes to them with. Without one for a repository,
       * reverts in it are not offered.
       */
      credentials?: Array<{
        /**
         * `http` or `https` URL of a repository, or of what is above it at a `/`:
         * `https://git.example/platform`. Of several that fit the longest counts.
         * No repository elsewhere is ever asked for, whatever an application
         * names.
         */
        url: string;
        /** Name of the account; some hosts take any, such as `x-access-token`. */
        username: string;
        /**
         * Token of the account, which needs to read, and to push to the branches
         * that applications follow.
         * @visibility secret
         */
        token: string;
      }>;
      /**
       * Who stands on the commits as committer; the person who asked is the
       * author. By default `Slipway <no-reply@slipway.invalid>`. Set it where a
       * host only takes commits of addresses that it knows.
       */
      committer?: {
        name: string;
        email: string;
      };
    };

    /** Which entities of the catalog are services. */
    services?: {
      /**
       * A filter predicate of the catalog. By default components of the type
       * `service` or `website`.
       */
      filter?: object;
    };

    /** Which replica reads an upstream. */
    lease?: {
      /**
       * How long a replica that died keeps an upstream from being read. By
       * default 15 seconds, at least 1.
       */
      ttl?: HumanDuration | string;
    };

    /** How actions are carried out: syncs, reverts and the like. */
    actions?: {
      /**
       * The shortest pause between two looks at an application on which an
       * action is under way. By default 2 seconds, at least 100 milliseconds. It
       * grows while nothing moves.
       */
      pace?: HumanDuration | string;
      /**
       * After this long without anything moving on, an action is given up. A sync
       * that is under way is not, however long it takes. By default 10 minutes.
       */
      giveUp?: HumanDuration | string;
      /**
       * For how long a request to Argo CD whose answer was lost may still be on
       * its way; only then is it asked for again. By default 30 seconds. Requests
       * are given up after two thirds of it, and after 20 seconds at most.
       */
      grace?: HumanDuration | string;
      /** How many actions a replica moves on at once. By default 10, at most 100. */
      concurrency?: number;
    };

    /** What every open browser is told of changes, so that pages read again. */
    hints?: {
      /**
       * Whether hints name the services that changed. Every browser receives
       * them, whatever its user may see. By default they do, unless
       * `permission.slipway.readers` is `members`; set it to false if another
       * policy hides services.
       */
      nameServices?: boolean;
    };

    /**
     * How often each replica looks for changes that it was not told of. By
     * default 2 seconds.
     */
    poll?: HumanDuration | string;

    /** How often services are read from the catalog. By default 30 seconds. */
    catalogRefresh?: HumanDuration | string;

    /**
     * How often a sign of life of an upstream is stored while nothing else
     * changes. By default 10 seconds.
     */
    heartbeat?: HumanDuration | string;

    /**
     * How long after its last sign of life what an upstream said counts as
     * fresh. By default 45 seconds; longer than `heartbeat`.
     */
    freshFor?: HumanDuration | string;
  };
}

/** What an application is like; every key must hold. At least one is needed. */
interface ApplicationCondition {
  /** Glob or globs on the name of the Argo CD instance. */
  instance?: string | string[];
  /** Glob or globs on its AppProject. */
  project?: string | string[];
  /** Glob or globs on the name of the destination cluster, or its URL. */
  cluster?: string | string[];
  /** Glob or globs on the destination namespace. */
  namespace?: string | string[];
  /** Glob or globs on its name. */
  name?: string | string[];
  /** Glob or globs on the values of its labels, by name of the label. */
  labels?: { [name: string]: string | string[] };
}
