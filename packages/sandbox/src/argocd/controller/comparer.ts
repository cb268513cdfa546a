import { SandboxClock } from '../../clock';
import {
  assessHealth,
  Health,
  keyOf,
  keyText,
  namespaceFor,
  timestamp,
} from '../../cluster';
import { jsonEquals } from '../../kustomize';
import { compare } from '../compare';
import { ManifestService, Manifests } from '../sources/manifests';
import {
  comparedTo,
  hasSeveralSources,
  revisionFields,
  revisionsOf,
  sourcesOf,
} from '../sources/sourceList';
import { Target, toTargets } from '../targets';
import { ArgoCdVersion } from '../version';
import {
  Application,
  ApplicationName,
  ApplicationStatus,
  Condition,
  CONTROL_NAMESPACE,
  REFRESH_ANNOTATION,
} from '../wire';
import { Applications, nameOf, nameText } from './applications';
import { Destinations } from './destinations';
import { CheckedSpec, emptyStatus } from './operationRunner';
import { projectViolations } from './validation';
import { RefreshLevel } from './workQueue';

/** What {@link ApplicationComparer} needs. */
export interface ApplicationComparerOptions {
  readonly clock: SandboxClock;
  readonly manifests: ManifestService;
  readonly applications: Applications;
  readonly destinations: Destinations;
  readonly version: ArgoCdVersion;
  readonly applicationHealth: boolean;
}

/** What a comparison found. */
export interface Compared {
  readonly status: ApplicationStatus;
  readonly targets: number;
}

/**
 * Compares what Git wants of an application with what its cluster has. It
 * writes nothing but the health of resources, which is kept beside them.
 */
export class ApplicationComparer {
  static create(options: ApplicationComparerOptions): ApplicationComparer {
    return new ApplicationComparer(options);
  }

  readonly #options: ApplicationComparerOptions;
  readonly #targets = new Map<
    string,
    {
      readonly lists: readonly unknown[];
      readonly namespace: unknown;
      readonly made: ReturnType<typeof toTargets>;
    }
  >();

  private constructor(options: ApplicationComparerOptions) {
    this.#options = options;
  }

  /** Whether looking at an application could not find anything new. */
  async isAsItWas(application: Application): Promise<boolean> {
    const { manifests } = this.#options;
    const { spec, status, operation, metadata } = application;
    const known = status?.sync;
    if (
      known?.status !== 'Synced' ||
      operation ||
      metadata.deletionTimestamp ||
      metadata.annotations?.[REFRESH_ANNOTATION] !== undefined ||
      !jsonEquals(known.comparedTo, comparedTo(spec))
    ) {
      return false;
    }
    try {
      const commits = await manifests.resolveAll(sourcesOf(spec));
      return jsonEquals(revisionsOf(known), commits);
    } catch {
      return false;
    }
  }

  /** The health of each resource is not part of the stored object. */
  recallHealths(application: Application): void {
    const { applications, destinations, applicationHealth } = this.#options;
    const id = nameText(nameOf(application));
    if (applications.healths.has(id)) return;
    const { store } = destinations.resolve(
      application.spec.destination,
    ).cluster;
    const healths = new Map<string, Health>();
    for (const { group = '', kind, namespace, name } of application.status
      ?.resources ?? []) {
      const key = { group, kind, namespace, name };
      const live = store.get(key);
      const health = live
        ? assessHealth(live, { applicationHealth })
        : ({ status: 'Missing' } as const);
      if (health) healths.set(keyText(key), health);
    }
    applications.healths.set(id, healths);
  }

  /** Compares an application with its clusters, and says what it found. */
  async compare(
    application: Application,
    level: RefreshLevel,
  ): Promise<Compared> {
    const { applications, destinations, manifests, version } = this.#options;
    const { spec } = application;
    const sources = sourcesOf(spec);
    const name = nameOf(application);
    const previous = application.status ?? emptyStatus(application);
    const compared = comparedTo(spec);
    const {
      conditions: _,
      sourceType: __,
      sourceTypes: ___,
      ...kept
    } = previous;
    const checked = this.check(application);
    if ('violations' in checked) {
      return {
        targets: 0,
        status: checked.violations.reduce<ApplicationStatus>(
          (status, message) =>
            this.withCondition(
              status,
              application,
              'InvalidSpecError',
              message,
            ),
          {
            ...kept,
            sync: { status: 'Unknown', comparedTo: compared },
            health: this.#health(previous, 'Unknown'),
          },
        ),
      };
    }
    const { cluster } = checked;
    try {
      if (sources.length === 0) {
        throw new Error('the application has no source');
      }
      const before = revisionsOf(previous.sync);
      const commits =
        level === 'live' && before.length === sources.length
          ? before
          : await manifests.resolveAll(sources);
      const rendered = await manifests.render({
        sources,
        commits,
        fresh: level === 'hard',
        // After a restart, what is rendered is in the cluster already.
        known: object => {
          const { namespace: wanted } = spec.destination;
          const namespace = namespaceFor(object, wanted);
          const key = { ...keyOf(object), namespace };
          return cluster.cluster.store.stored(key)?.lastApplied;
        },
      });
      const { targets, repeated } = this.targets(
        name,
        spec.destination.namespace,
        rendered,
      );
      const result = compare({
        targets,
        managed: destinations.managedBy(cluster.name, name),
        cluster: cluster.cluster.store,
        spec,
        applicationHealth: this.#options.applicationHealth,
        missingIsWorst: !version.atLeast(4),
      });
      applications.healths.set(nameText(name), result.healths);
      const summary = {
        ...(result.images.length > 0 ? { images: result.images } : {}),
        ...(result.isAppOfApps && version.atLeast(5)
          ? { isAppOfApps: true }
          : {}),
      };
      const types = rendered.renderings.map(({ sourceType }) => sourceType);
      const status: ApplicationStatus = {
        ...kept,
        sync: {
          status: result.status,
          ...revisionFields(spec, commits),
          comparedTo: compared,
        },
        health: this.#health(previous, result.health.status),
        resources: result.resources,
        summary,
        ...(hasSeveralSources(spec)
          ? { sourceTypes: types }
          : { sourceType: types[0] }),
        resourceHealthSource: 'appTree',
        controllerNamespace: CONTROL_NAMESPACE,
      };
      return {
        targets: targets.length,
        status: repeated.reduce(
          (result_, message) =>
            this.withCondition(
              result_,
              application,
              'RepeatedResourceWarning',
              message,
            ),
          status,
        ),
      };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return {
        targets: 0,
        status: this.withCondition(
          {
            ...kept,
            sync: {
              ...previous.sync,
              status: 'Unknown',
              comparedTo: compared,
            },
          },
          application,
          'ComparisonError',
          `Failed to load target state: ${text}`,
        ),
      };
    }
  }

  /** Where a valid application goes, or what is wrong with it. */
  check(application: Application): CheckedSpec {
    const { applications, destinations } = this.#options;
    const { spec } = application;
    const projectName = spec.project || 'default';
    const project = applications.project(projectName);
    if (!project) {
      return {
        violations: [
          `Application referencing project ${projectName} which does not exist`,
        ],
      };
    }
    try {
      const cluster = destinations.resolve(spec.destination);
      const violations = projectViolations({
        application: nameOf(application),
        spec,
        project,
        cluster,
      });
      return violations.length > 0 ? { violations } : { project, cluster };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { violations: [message] };
    }
  }

  /** A status with one condition more, which keeps the time it had. */
  withCondition(
    status: ApplicationStatus,
    application: Application,
    type: string,
    message: string,
  ): ApplicationStatus {
    const known = application.status?.conditions?.find(
      condition => condition.type === type && condition.message === message,
    );
    const condition: Condition = known ?? {
      type,
      message,
      lastTransitionTime: timestamp(this.#options.clock.now()),
    };
    return { ...status, conditions: [...(status.conditions ?? []), condition] };
  }

  #health(
    previous: ApplicationStatus,
    status: ApplicationStatus['health']['status'],
  ): ApplicationStatus['health'] {
    const same = previous.health.status === status;
    return {
      status,
      lastTransitionTime:
        (same ? previous.health.lastTransitionTime : undefined) ??
        timestamp(this.#options.clock.now()),
    };
  }

  /** Targets are made once per rendering, so that they can be told apart. */
  targets(
    name: ApplicationName,
    namespace: string | undefined,
    manifests: Manifests,
  ): ReturnType<typeof toTargets> {
    const id = nameText(name);
    const lists = manifests.renderings.map(({ objects }) => objects);
    const known = this.#targets.get(id);
    if (
      known &&
      known.namespace === namespace &&
      known.lists.length === lists.length &&
      known.lists.every((list, index) => list === lists[index])
    ) {
      return known.made;
    }
    const made = toTargets({
      application: name,
      defaultNamespace: namespace,
      objects: lists.flat(),
    });
    this.#targets.set(id, { lists, namespace, made });
    return made;
  }

  /** What Git wants of an application at the commit it was compared with. */
  async targetsOf(name: ApplicationName): Promise<readonly Target[]> {
    const { applications, manifests } = this.#options;
    const { spec, status } = applications.get(name);
    const sources = sourcesOf(spec);
    const known = status ? revisionsOf(status.sync) : [];
    const commits =
      known.length === sources.length
        ? known
        : await manifests.resolveAll(sources);
    const rendered = await manifests.render({ sources, commits });
    return this.targets(name, spec.destination.namespace, rendered).targets;
  }
}
