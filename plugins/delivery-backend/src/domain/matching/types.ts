import { Binding } from '@slipway/plugin-delivery-common';

/** A service as the catalog describes it: what matching and lists need of it. */
export type Service = {
  /** Full entity ref in lower case. */
  entityRef: string;
  /** `metadata.name`. */
  name: string;
  /** `metadata.namespace` of the entity, not of a cluster. */
  namespace: string;
  title: string;
  /** Refs of the entities that own it. */
  owners: string[];
  /** Ref of its system. */
  system?: string;
  annotations: { [name: string]: string };
};

/** An environment, with the names that stand for it. */
export type Environment = {
  id: string;
  title: string;
  standby: boolean;
  /** Other names of it in namespaces, application and cluster names. */
  aliases: string[];
};

/** What an application must look like; every key that is there must hold. */
export type ApplicationCondition = {
  instance?: TextMatcher;
  project?: TextMatcher;
  cluster?: TextMatcher;
  namespace?: TextMatcher;
  name?: TextMatcher;
  labels?: { [name: string]: TextMatcher };
};

/** What a service must look like; every key that is there must hold. */
export type ServiceCondition = {
  name?: TextMatcher;
  namespace?: TextMatcher;
  system?: TextMatcher;
  owner?: TextMatcher;
};

/** Whether a text is one of those that were configured, globs included. */
export type TextMatcher = (text: string) => boolean;

/** A configured rule: of those that fit, the first that says it decides. */
export type MatchingRule = {
  match: ApplicationCondition;
  /** Its applications are no deployments. */
  ignore?: boolean;
  environment?: string;
  /** Full entity ref of the service they deploy. */
  service?: string;
  chain?: string;
};

/**
 * The platform's word on whose applications these are: of those that fit an
 * application, the first one decides.
 */
export type BindingRule = {
  match: ApplicationCondition;
  /** Ref of the group, or the person, that owns the services they deploy. */
  owner: string;
};

/** A chain, with what belongs to it. */
export type Chain = {
  id: string;
  title: string;
  /** Ids of environments, in the order of promotion. */
  environments: string[];
  applications: ApplicationCondition[];
  services: ServiceCondition[];
};

/** What is known of a cluster by configuration. */
export type ClusterDescription = {
  name: string;
  /** URL of its API server, to recognise it where it has no name. */
  server?: string;
  region?: string;
};

/** Everything that configuration says about matching. */
export type MatchingConfig = {
  environments: Environment[];
  chains: Chain[];
  /** Id of the chain of services that nothing else puts into one. */
  defaultChain: string;
  rules: MatchingRule[];
  bindings: BindingRule[];
  clusters: ClusterDescription[];
};

/** Which services an application deploys, and where to. */
export type ApplicationMatch =
  | {
      kind: 'matched';
      services: { entityRef: string; binding: Binding }[];
      /** Id of the environment; `unassigned` when nothing says which. */
      environment: string;
      /** Id of the chain that a rule or the chain's own condition names. */
      chain?: string;
      cluster?: string;
      region?: string;
    }
  | {
      /** It belongs to no service in the catalog. */
      kind: 'unmatched';
      reason: string;
    }
  | {
      /** It is no deployment: ignored by a rule, or made of applications. */
      kind: 'ignored';
    };

/** Environment of deployments of which nothing says where they belong. */
export const UNASSIGNED_ENVIRONMENT: Environment = {
  id: 'unassigned',
  title: 'Unassigned',
  standby: false,
  aliases: [],
};
