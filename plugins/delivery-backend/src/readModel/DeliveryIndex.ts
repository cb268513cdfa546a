import {
  ANNOTATION_ENTITY_REF,
  ChainDescription,
} from '@slipway/plugin-delivery-common';
import {
  ObservedApplication,
  stringifyApplicationId,
} from '@slipway/plugin-delivery-node';
import { canonicalJson } from '../domain/canonicalJson';
import { deploymentOf } from '../domain/fleet/deploymentOf';
import {
  AssignedDeployment,
  ServiceState,
  serviceStateOf,
} from '../domain/fleet/serviceState';
import {
  environmentNames,
  EnvironmentNames,
  splitEnvironmentSuffix,
} from '../domain/matching/environmentOf';
import {
  chainOfService,
  matchApplication,
  readEntityRef,
} from '../domain/matching/matchApplication';
import { applicationKeys, ServiceIndex } from '../domain/matching/ServiceIndex';
import {
  ApplicationMatch,
  Environment,
  MatchingConfig,
  Service,
  UNASSIGNED_ENVIRONMENT,
} from '../domain/matching/types';
import { ServingRecord } from '../domain/status/serving';
import { letOthersHaveTheirTurn } from '../turns';
import { targetIdOf } from './targetIdOf';

/** What the index needs of a stored application. */
export type IndexedApplication = {
  id: number;
  upstreamId: string;
  application: ObservedApplication;
  serving?: ServingRecord;
  deleted: boolean;
};

/** An application that belongs to a service, or is claimed by it. */
export type ServiceApplication = {
  id: number;
  application: ObservedApplication;
  /** Id of the environment. */
  environment: string;
  /** Id of the target that its deployment has. */
  targetId: string;
  /** Without that, nothing but its status may be told, and no act is possible. */
  bound: boolean;
};

type Entry = IndexedApplication & {
  match: ApplicationMatch;
  keys: string[];
};

const byTitle = new Intl.Collator('en', { numeric: true });

/**
 * The read model in memory: which application belongs to which service, and
 * what is known of each service. A change of an application or of a service
 * touches only what depends on it, and a large one does not hold up the event
 * loop: with 20,000 applications the first one is seconds of work.
 */
export class DeliveryIndex {
  readonly #config: MatchingConfig;
  readonly #names: EnvironmentNames;
  readonly #environments: Environment[];
  readonly #services = new ServiceIndex();
  readonly #systems = new Map<string, string>();
  readonly #entries = new Map<number, Entry>();
  /** Under what each application can be found by a service that comes. */
  readonly #byKey = new Map<string, Set<number>>();
  /** Applications of each service, gone ones included: they have history. */
  readonly #assigned = new Map<string, Set<number>>();
  readonly #states = new Map<string, ServiceState>();
  #ordered: ServiceState[] | undefined;
  #order: string[] | undefined;
  /** As of the entries, which run ahead of what is shown. */
  #unmatched = 0;
  #shownUnmatched = 0;
  #generation = 0;
  #hasCatalog = false;
  #queue: Promise<void> = Promise.resolve();

  static create(options: { config: MatchingConfig }): DeliveryIndex {
    return new DeliveryIndex(options.config);
  }

  private constructor(config: MatchingConfig) {
    this.#config = config;
    this.#names = environmentNames(config.environments);
    this.#environments = [...config.environments, UNASSIGNED_ENVIRONMENT];
  }

  /** Whether the catalog was read: until then, there only seem to be no services. */
  get hasCatalog(): boolean {
    return this.#hasCatalog;
  }

  /** Grows with every change, so that what was computed before can be told. */
  get generation(): number {
    return this.#generation;
  }

  /** Applications that run, are deployments, and belong to no service. */
  get unmatchedApplications(): number {
    return this.#shownUnmatched;
  }

  /** Every service, ordered by title. */
  services(): ServiceState[] {
    this.#order ??= [...this.#states.values()]
      .sort(
        (a, b) =>
          byTitle.compare(a.service.title, b.service.title) ||
          (a.service.entityRef < b.service.entityRef ? -1 : 1),
      )
      .map(({ service }) => service.entityRef);
    this.#ordered ??= this.#order.flatMap(
      entityRef => this.#states.get(entityRef) ?? [],
    );
    return this.#ordered;
  }

  service(entityRef: string): ServiceState | undefined {
    return this.#states.get(entityRef);
  }

  /** What is wrong with the annotations of a service, as a sentence. */
  faultOf(entityRef: string): string | undefined {
    return this.#services.faultOf(entityRef);
  }

  systemTitle(systemRef: string): string | undefined {
    return this.#systems.get(systemRef);
  }

  /** Every chain as it is configured. */
  configuredChains(): ChainDescription[] {
    return this.chainsOf([]);
  }

  /**
   * Every chain, with any further environments that some services run in: of
   * others they would tell.
   */
  chainsOf(services: Iterable<ServiceState>): ChainDescription[] {
    const used = new Map<string, Set<string>>();
    for (const { chain, cells } of services) {
      for (const environment of cells.keys()) {
        addTo(used, chain, environment);
      }
    }
    return this.#config.chains.map(({ id, title }) => {
      const own = this.#environmentsOf(id);
      return {
        id,
        title,
        environments: [
          ...own,
          ...this.#environments.filter(
            environment =>
              used.get(id)?.has(environment.id) && !own.includes(environment),
          ),
        ].map(environment => ({
          id: environment.id,
          title: environment.title,
          standby: environment.standby,
        })),
      };
    });
  }

  /** Id of the chain of a service that is not, or not yet, known here. */
  get defaultChain(): string {
    return this.#config.defaultChain;
  }

  /** Refs of the services that applications belong to. */
  entityRefsOf(applicationIds: Iterable<number>): Set<string> {
    const refs = new Set<string>();
    for (const id of applicationIds) {
      const match = this.#entries.get(id)?.match;
      if (match?.kind === 'matched') {
        for (const { entityRef } of match.services) {
          refs.add(entityRef);
        }
      }
    }
    return refs;
  }

  /** The applications of a service, gone ones included, with their match. */
  applicationsOf(entityRef: string): ServiceApplication[] {
    return [...(this.#assigned.get(entityRef) ?? [])].flatMap(id => {
      const entry = this.#entries.get(id);
      const own =
        entry?.match.kind === 'matched' &&
        entry.match.services.find(service => service.entityRef === entityRef);
      return entry?.match.kind === 'matched' && own
        ? [
            {
              id,
              application: entry.application,
              environment: entry.match.environment,
              targetId: targetIdOf(entry.application.id, own.binding),
              bound: own.binding.state === 'bound',
            },
          ]
        : [];
    });
  }

  /** The configured clusters, to name those in the history. */
  get clusters(): MatchingConfig['clusters'] {
    return this.#config.clusters;
  }

  /**
   * Puts applications in, in the place of what was known of them. Resolves when
   * they show.
   */
  setApplications(applications: IndexedApplication[]): Promise<void> {
    return this.#inOrder(async () => {
      const touched = new Set<string>();
      for (const indexed of applications) {
        this.#unassign(indexed.id, touched);
        this.#assign(indexed, touched);
        await letOthersHaveTheirTurn();
      }
      if (applications.length > 0) {
        await this.#rebuild(touched);
      }
    });
  }

  /**
   * These are all the services and the titles of systems there are. Resolves
   * when they show.
   */
  setCatalog(options: {
    services: Service[];
    systems: Map<string, string>;
  }): Promise<void> {
    return this.#inOrder(async () => {
      const { services, systems } = options;
      const renamed = this.#setSystems(systems);
      const refs = new Set(services.map(({ entityRef }) => entityRef));
      const touched = new Set<string>();
      const moved = new Set<number>();
      for (const { entityRef } of [...this.#services.services()]) {
        if (!refs.has(entityRef)) {
          this.#collectFindable(entityRef, moved);
          this.#services.delete(entityRef);
          touched.add(entityRef);
        }
      }
      for (const service of services) {
        await letOthersHaveTheirTurn();
        const before = this.#services.get(service.entityRef);
        if (before && canonicalJson(before) === canonicalJson(service)) {
          if (service.system !== undefined && renamed.has(service.system)) {
            touched.add(service.entityRef);
          }
          continue;
        }
        this.#collectFindable(service.entityRef, moved);
        this.#services.set(service);
        this.#collectFindable(service.entityRef, moved);
        touched.add(service.entityRef);
      }
      if (touched.size > 0 || renamed.size > 0) {
        for (const id of moved) {
          await letOthersHaveTheirTurn();
          this.#matchAgain(id, touched);
        }
        await this.#rebuild(touched);
      }
      this.#hasCatalog = true;
    });
  }

  /**
   * One change after the other. A change of everything takes seconds, in which
   * requests are answered; the next change must find the one before complete.
   */
  #inOrder(change: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(change);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** Systems whose title changed. */
  #setSystems(systems: Map<string, string>): Set<string> {
    const renamed = new Set<string>();
    for (const ref of new Set([...this.#systems.keys(), ...systems.keys()])) {
      if (this.#systems.get(ref) !== systems.get(ref)) {
        renamed.add(ref);
      }
    }
    this.#systems.clear();
    for (const [ref, title] of systems) {
      this.#systems.set(ref, title);
    }
    return renamed;
  }

  /**
   * Applications that a service, as it is now, has or might have: everything
   * that must be matched again when it comes, changes or goes.
   */
  #collectFindable(entityRef: string, into: Set<number>): void {
    for (const id of this.#assigned.get(entityRef) ?? []) {
      into.add(id);
    }
    const service = this.#services.get(entityRef);
    if (!service) {
      return;
    }
    for (const key of [
      ...this.#services.keysOf(entityRef),
      `base:${service.name}`,
      `ref:${entityRef}`,
    ]) {
      for (const id of this.#byKey.get(key) ?? []) {
        into.add(id);
      }
    }
  }

  #assign(indexed: IndexedApplication, touched: Set<string>): void {
    const { id, upstreamId, application, serving, deleted } = indexed;
    const entry: Entry = {
      id,
      upstreamId,
      application,
      deleted,
      ...(serving && { serving }),
      match: this.#match(application),
      keys: this.#keysOf(application),
    };
    this.#entries.set(id, entry);
    for (const key of entry.keys) {
      addTo(this.#byKey, key, id);
    }
    this.#link(entry, touched);
  }

  #unassign(id: number, touched: Set<string>): void {
    const entry = this.#entries.get(id);
    if (!entry) {
      return;
    }
    this.#entries.delete(id);
    for (const key of entry.keys) {
      removeFrom(this.#byKey, key, id);
    }
    this.#unlink(entry, touched);
  }

  /** After a change of services: most applications stay where they are. */
  #matchAgain(id: number, touched: Set<string>): void {
    const entry = this.#entries.get(id);
    if (!entry) {
      return;
    }
    const match = this.#match(entry.application);
    // The same function wrote both, so their keys are in the same order.
    if (JSON.stringify(match) === JSON.stringify(entry.match)) {
      return;
    }
    this.#unlink(entry, touched);
    entry.match = match;
    this.#link(entry, touched);
  }

  #match(application: ObservedApplication): ApplicationMatch {
    return matchApplication({
      application,
      services: this.#services,
      config: this.#config,
      names: this.#names,
    });
  }

  #link({ id, match, deleted }: Entry, touched: Set<string>): void {
    if (match.kind === 'unmatched' && !deleted) {
      this.#unmatched++;
    }
    if (match.kind === 'matched') {
      for (const { entityRef } of match.services) {
        addTo(this.#assigned, entityRef, id);
        touched.add(entityRef);
      }
    }
  }

  #unlink({ id, match, deleted }: Entry, touched: Set<string>): void {
    if (match.kind === 'unmatched' && !deleted) {
      this.#unmatched--;
    }
    if (match.kind === 'matched') {
      for (const { entityRef } of match.services) {
        removeFrom(this.#assigned, entityRef, id);
        touched.add(entityRef);
      }
    }
  }

  /** Under what a service finds an application; see `#collectFindable`. */
  #keysOf(application: ObservedApplication): string[] {
    const { name } = application.id;
    const base = splitEnvironmentSuffix(name, this.#names)?.rest || name;
    const annotated = application.annotations[ANNOTATION_ENTITY_REF];
    return [
      ...applicationKeys(application),
      `base:${base}`,
      ...this.#config.rules.flatMap(({ service }) =>
        service === undefined ? [] : [`ref:${service}`],
      ),
      ...(annotated === undefined ? [] : [`ref:${readEntityRef(annotated)}`]),
    ];
  }

  /**
   * Works out the states of services anew, and then shows all of them at once:
   * nobody sees a fleet of which half is from before a change.
   */
  async #rebuild(touched: Set<string>): Promise<void> {
    const states: [string, ServiceState | undefined][] = [];
    for (const entityRef of touched) {
      await letOthersHaveTheirTurn();
      const service = this.#services.get(entityRef);
      states.push([entityRef, service && this.#stateOf(service)]);
    }
    for (const [entityRef, state] of states) {
      const before = this.#states.get(entityRef);
      if (state) {
        this.#states.set(entityRef, state);
      } else {
        this.#states.delete(entityRef);
      }
      if (state?.service.title !== before?.service.title) {
        this.#order = undefined;
      }
    }
    this.#shownUnmatched = this.#unmatched;
    this.#ordered = undefined;
    this.#generation++;
  }

  #stateOf(service: Service): ServiceState {
    const assigned: AssignedDeployment[] = [];
    const chains: (string | undefined)[] = [];
    const ids = [...(this.#assigned.get(service.entityRef) ?? [])];
    const entries = ids
      .flatMap(id => this.#entries.get(id) ?? [])
      // In a fixed order: of two applications with two chains the same decides.
      .sort((a, b) => compareKeys(a.application, b.application));
    for (const entry of entries) {
      const { match, application, deleted } = entry;
      if (match.kind !== 'matched' || deleted) {
        continue;
      }
      const own = match.services.find(
        ({ entityRef }) => entityRef === service.entityRef,
      );
      if (own) {
        chains.push(match.chain);
        assigned.push({
          application,
          deployment: deploymentOf({
            application,
            targetId: targetIdOf(application.id, own.binding),
            serving: entry.serving,
            upstreamId: entry.upstreamId,
            entityRef: service.entityRef,
            binding: own.binding,
            environment: match.environment,
            cluster: match.cluster,
            region: match.region,
          }),
        });
      }
    }
    const chain = chainOfService({
      service,
      applicationChains: chains,
      config: this.#config,
    });
    return serviceStateOf({
      service,
      chain: { id: chain, environments: this.#environmentsOf(chain) },
      environments: this.#environments,
      assigned,
      names: this.#names,
      systemTitle:
        service.system === undefined
          ? undefined
          : this.#systems.get(service.system),
    });
  }

  #environmentsOf(chainId: string): Environment[] {
    const chain = this.#config.chains.find(({ id }) => id === chainId);
    return (chain?.environments ?? []).flatMap(
      id => this.#environments.find(environment => environment.id === id) ?? [],
    );
  }
}

function compareKeys(a: ObservedApplication, b: ObservedApplication): number {
  return stringifyApplicationId(a.id) < stringifyApplicationId(b.id) ? -1 : 1;
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set) {
    set.add(value);
  } else {
    map.set(key, new Set([value]));
  }
}

function removeFrom<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) {
    map.delete(key);
  }
}
