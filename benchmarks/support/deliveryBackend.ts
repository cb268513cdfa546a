/**
 * A backend with the real delivery plugin, in a process of its own: the load
 * generator must not share its event loop, and its memory is its own.
 *
 * What stands around the plugin is Backstage's own, except for four things: the
 * catalog is in memory, callers are the test utilities' (a user of one team),
 * every permission is granted, and the upstreams are made up. So the figures
 * are those of the plugin and of Backstage's HTTP server, and not those of
 * checking tokens or of somebody's catalog.
 *
 * Arguments: the port and the folder of the SQLite file. It sends
 * `{ type: 'ready' }`, answers `{ type: 'begin' }` by forgetting what it has
 * measured, and `{ type: 'end' }` with what it has measured since.
 */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import {
  coreServices,
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';
import { InMemoryCatalogClient } from '@backstage/catalog-client/testUtils';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { filterPredicateToFilterFunction } from '@backstage/filter-predicates';
import {
  CatalogService,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import deliveryPlugin from '@slipway/plugin-delivery-backend';
import {
  ApplicationId,
  ApplicationUpstream,
  deliveryUpstreamsExtensionPoint,
  ObservedApplication,
  UpstreamRunOptions,
} from '@slipway/plugin-delivery-node';
import { LoopFigures, LoopWatch } from './LoopWatch';
import { FIRST_TEAM, fleetApplications, fleetEntities } from './largeFleet';

const SIZE = { services: 5_000, instances: 5 };

/** What the Argo CD adapter hands over at once. */
const BATCH = 200;

/** What this process measured between `begin` and `end`. */
export type BackendFigures = {
  loop: LoopFigures;
  /**
   * Processor time of the whole process: milliseconds. Less than the clock does
   * it depend on what else the machine does.
   */
  cpuMs: number;
  rssMiB: number;
  heapMiB: number;
};

/** Hands in its applications as the Argo CD adapter does, then stays live. */
class MadeUpInstance implements ApplicationUpstream {
  readonly kind = 'benchmark';
  readonly id: string;
  readonly title: string;
  readonly instance: string;
  readonly #number: number;

  constructor(number: number) {
    this.instance = `instance-${number}`;
    this.id = `benchmark:${this.instance}`;
    this.title = this.instance;
    this.#number = number;
  }

  async run({ sink, signal }: UpstreamRunOptions): Promise<void> {
    const ids: ApplicationId[] = [];
    let batch: ObservedApplication[] = [];
    for (const application of fleetApplications({
      ...SIZE,
      instance: this.#number,
    })) {
      ids.push(application.id);
      batch.push(application);
      if (batch.length === BATCH) {
        await sink.upsert(batch);
        batch = [];
        // To make applications up takes time that is not the plugin's.
        await turn();
      }
    }
    await sink.upsert(batch);
    await sink.retainOnly(ids);
    while (!signal.aborted) {
      await sink.report({ state: 'live' });
      await wait(5_000, undefined, { signal }).catch(() => undefined);
    }
  }
}

/**
 * The test utilities' catalog looks at every entity for each question, which
 * would be most of what is measured. This one looks up, and pages.
 */
class IndexedCatalog extends InMemoryCatalogClient {
  readonly #byRef: Map<string, Entity>;

  constructor(entities: Entity[]) {
    super({ entities });
    this.#byRef = new Map(
      entities.map(entity => [stringifyEntityRef(entity), entity]),
    );
  }

  async getEntityByRef(
    ...[ref]: Parameters<InMemoryCatalogClient['getEntityByRef']>
  ) {
    return this.#byRef.get(
      typeof ref === 'string' ? ref : stringifyEntityRef(ref),
    );
  }

  async *streamEntities(
    ...[request]: Parameters<InMemoryCatalogClient['streamEntities']>
  ) {
    const matches =
      request?.query && filterPredicateToFilterFunction(request.query);
    const found = [...this.#byRef.values()].filter(
      entity => !matches || matches(entity),
    );
    for (let start = 0; start < found.length; start += 500) {
      await turn();
      yield found.slice(start, start + 500);
    }
  }
}

async function main() {
  const [port, folder] = process.argv.slice(2);
  const loop = new LoopWatch();
  let cpu = process.cpuUsage();

  const upstreams = Array.from(
    { length: SIZE.instances },
    (_, number) => new MadeUpInstance(number),
  );
  const catalog: CatalogService = new IndexedCatalog(fleetEntities(SIZE));
  const backend = createBackend();
  for (const feature of [
    deliveryPlugin,
    createBackendModule({
      pluginId: 'delivery',
      moduleId: 'benchmark-upstreams',
      register(env) {
        env.registerInit({
          deps: { registry: deliveryUpstreamsExtensionPoint },
          async init({ registry }) {
            upstreams.forEach(upstream => registry.addUpstream(upstream));
          },
        });
      },
    }),
    createServiceFactory({
      service: catalogServiceRef,
      deps: {},
      factory: () => catalog,
    }),
    mockServices.auth.factory(),
    mockServices.httpAuth.factory(),
    mockServices.permissions.factory(),
    createServiceFactory({
      service: coreServices.userInfo,
      deps: {},
      factory: () =>
        mockServices.userInfo({
          ownershipEntityRefs: ['user:default/mock', FIRST_TEAM],
        }),
    }),
    mockServices.rootConfig.factory({
      data: {
        backend: {
          baseUrl: `http://localhost:${port}`,
          listen: { port: Number(port), host: 'localhost' },
          database: {
            client: 'better-sqlite3',
            connection: { directory: folder },
          },
        },
      },
    }),
  ]) {
    backend.add(feature);
  }
  await backend.start();
  // Loading code holds up the event loop, too, but nobody is served yet.
  loop.reset();

  process.on('message', async (message: { type: string }) => {
    switch (message.type) {
      case 'begin':
        loop.reset();
        cpu = process.cpuUsage();
        process.send?.({ type: 'begun' });
        break;
      case 'end': {
        const memory = process.memoryUsage();
        const { user, system } = process.cpuUsage(cpu);
        const figures: BackendFigures = {
          loop: loop.read(),
          cpuMs: (user + system) / 1_000,
          rssMiB: memory.rss / 1024 ** 2,
          heapMiB: memory.heapUsed / 1024 ** 2,
        };
        process.send?.({ type: 'figures', figures });
        break;
      }
      case 'stop':
        await backend.stop();
        process.exit(0);
        break;
      default:
      // The transform tells of every file that it reads.
    }
  });
  process.once('disconnect', () => process.exit(1));
  process.send?.({ type: 'ready' });
}

main().catch(error => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
});
