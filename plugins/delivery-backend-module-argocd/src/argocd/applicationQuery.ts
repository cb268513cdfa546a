import { Query } from './apiUrl';

/** Which application a request is about. */
export type ApplicationAddress = {
  name: string;
  namespace: string;
  /**
   * Its project. With it, Argo CD tells a missing application (404) from a
   * forbidden one (403); without, both are 403.
   */
  project?: string;
};

/**
 * The query parameters that go with every request about an application. Without
 * its namespace, Argo CD takes the one of that name in its own namespace.
 */
export function applicationQuery(address: ApplicationAddress): Query {
  return {
    appNamespace: address.namespace || undefined,
    project: address.project || undefined,
  };
}
