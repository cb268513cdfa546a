import { SandboxClock } from '../../clock';
import { timestamp } from '../../cluster';
import { ManifestService } from '../sources/manifests';
import { revisionFields, sourceFields, sourcesOf } from '../sources/sourceList';
import {
  ArgoCdLog,
  ArgoCdPastDeployment,
  ArgoCdSimulatorOptions,
} from '../types';
import { ApplicationName, ApplicationStatus } from '../wire';
import { Applications, nameText } from './applications';
import { ApplicationComparer } from './comparer';
import { Destinations } from './destinations';
import { appendHistory } from './history';
import { emptyStatus } from './operationRunner';

/**
 * Deploys an application at once as if that had happened long ago, with the
 * history that it is given, or with one deployment.
 */
export async function deployPast(options: {
  clock: SandboxClock;
  manifests: ManifestService;
  applications: Applications;
  destinations: Destinations;
  comparer: ApplicationComparer;
  initialHistory?: ArgoCdSimulatorOptions['initialHistory'];
  log: ArgoCdLog;
  name: ApplicationName;
}): Promise<void> {
  const { applications, destinations, manifests, clock, name } = options;
  const application = applications.get(name);
  const { spec } = application;
  const sources = sourcesOf(spec);
  if (sources.length === 0) return;
  try {
    const cluster = destinations.resolve(spec.destination);
    const head = await manifests.resolveAll(sources);
    const past = (await options.initialHistory?.(name)) ?? [];
    const newest = past[past.length - 1];
    // The past is that of the first source; the others have none.
    const commits = newest
      ? await manifests
          .resolveAll(sources, { revisions: [newest.revision] })
          .catch(() => head)
      : head;
    const rendered = await manifests
      .render({ sources, commits })
      .catch(() => manifests.render({ sources, commits: head }));
    const { targets } = options.comparer.targets(
      name,
      spec.destination.namespace,
      rendered,
    );
    cluster.cluster.instantly(() => {
      for (const target of targets) {
        if (!target.hook) cluster.cluster.apply(target.manifest);
      }
    });
    const now = timestamp(clock.now());
    const entries: readonly ArgoCdPastDeployment[] =
      past.length > 0 ? past : [{ revision: head[0], deployedAt: now }];
    const others = rendered.commits.slice(1);
    const history = entries.reduce<NonNullable<ApplicationStatus['history']>>(
      (list, entry) =>
        appendHistory({
          history: list,
          spec,
          entry: {
            ...revisionFields(spec, [entry.revision, ...others]),
            ...sourceFields(spec),
            deployStartedAt: startOf(entry),
            deployedAt: inSeconds(entry.deployedAt),
            initiatedBy: entry.username
              ? { username: entry.username }
              : { automated: true },
          },
        }),
      [],
    );
    const last = entries[entries.length - 1];
    const present = applications.get(name);
    applications.put({
      ...present,
      status: {
        ...(present.status ?? emptyStatus(present)),
        // Well since then: the comparison that follows keeps it, or says
        // from when on it is not.
        health: {
          status: 'Healthy',
          lastTransitionTime: inSeconds(last.deployedAt),
        },
        history,
        operationState: {
          operation: {
            sync: revisionFields(spec, [last.revision, ...others]),
            initiatedBy: last.username
              ? { username: last.username }
              : { automated: true },
          },
          phase: 'Succeeded',
          message: 'successfully synced (all tasks run)',
          startedAt: startOf(last),
          finishedAt: inSeconds(last.deployedAt),
          syncResult: {
            revision: '',
            ...revisionFields(spec, rendered.commits),
            ...sourceFields(spec),
          },
        },
      },
    });
  } catch (error) {
    // The comparison that follows says the same in a condition.
    options.log.warn(`${nameText(name)}: ${String(error)}`);
  }
}

/** ISO 8601 as Kubernetes writes it: without fractions of a second. */
function inSeconds(iso: string): string {
  return timestamp(new Date(iso));
}

function startOf({
  deployStartedAt,
  deployedAt,
}: ArgoCdPastDeployment): string {
  return deployStartedAt
    ? inSeconds(deployStartedAt)
    : timestamp(new Date(Date.parse(deployedAt) - 10_000));
}
