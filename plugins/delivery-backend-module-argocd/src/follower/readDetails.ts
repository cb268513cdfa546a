import { IPolicy } from 'cockatiel';
import { ApplicationAddress } from '../argocd/applicationQuery';
import { ArgoCdClient } from '../argocd/ArgoCdClient';
import { WireApplication, WireManagedResource } from '../argocd/wire';
import { Movement } from '../domain/moving';
import { WorkloadKind, workloadKindsOf } from '../domain/workloads';

/** What was read of an application; only what was asked for is there. */
export type DetailAnswer = {
  application?: WireApplication;
  /** The kinds of workload it has. */
  kinds?: WorkloadKind[];
  resources?: WireManagedResource[];
};

/**
 * Reads an application and its workloads: one request for the object, and one
 * for each kind of workload that it has. Argo CD filters managed resources by
 * one kind only; asking for all of them would transfer every ConfigMap and
 * definition of the application as well.
 *
 * The kinds are known from the object, so it comes first where they are not
 * known yet.
 */
export async function readDetails(options: {
  client: ArgoCdClient;
  address: ApplicationAddress;
  what: Movement;
  /** Kinds of workload, if they are known already. */
  kinds: WorkloadKind[] | undefined;
  /** Repeats a request as long as that may help. */
  retry: IPolicy;
  signal: AbortSignal;
}): Promise<DetailAnswer> {
  const { client, address, what, retry, signal } = options;
  const answer: DetailAnswer = { kinds: options.kinds };
  if (what.object || answer.kinds === undefined) {
    answer.application = await retry.execute(
      () => client.getApplication({ ...address, signal }),
      signal,
    );
    answer.kinds = workloadKindsOf(answer.application);
  }
  if (what.workloads) {
    answer.resources = [];
    for (const kind of answer.kinds) {
      answer.resources.push(
        ...(await retry.execute(
          () => client.managedResources({ ...address, ...kind, signal }),
          signal,
        )),
      );
    }
  }
  return answer;
}
