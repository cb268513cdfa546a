import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  deliveryPermissions,
  parseDeploymentResourceRef,
} from '@slipway/plugin-delivery-common';
import {
  ApplicationUpstream,
  deliveryDeploymentResourceRef,
  deliveryPermissionRules,
  deliveryUpstreamsExtensionPoint,
} from '@slipway/plugin-delivery-node';
import { ConflictError } from '@backstage/errors';
import { DateTime } from 'luxon';
import { AuthorizedActions } from './actions/AuthorizedActions';
import { createActions } from './actions/createActions';
import { DeliveryAccess } from './access/DeliveryAccess';
import { ActivityAccess } from './activity/ActivityAccess';
import { ActivityReader } from './activity/ActivityReader';
import { AuditedActivityLog } from './activity/AuditedActivityLog';
import { AuthorizedActivity } from './activity/AuthorizedActivity';
import { CatalogIndexer } from './catalog/CatalogIndexer';
import { CatalogVisibility } from './catalog/CatalogVisibility';
import { readDeliveryConfig } from './config/readDeliveryConfig';
import { readHints } from './config/readHints';
import { DatabaseActivityLog } from './database/DatabaseActivityLog';
import { DatabaseDeliveryStore } from './database/DatabaseDeliveryStore';
import { DatabaseHistory } from './database/DatabaseHistory';
import { DatabaseLeases } from './database/DatabaseLeases';
import { openDatabase } from './database/migrate';
import { formatTime } from './domain/times';
import { GitRevertWriter } from './gitops/GitRevertWriter';
import { Ingester } from './ingest/Ingester';
import { isDoneWithin } from './ingest/sleep';
import { UpstreamRunner } from './ingest/UpstreamRunner';
import { CHANGED_TOPIC, ChangeNotifier } from './readModel/ChangeNotifier';
import { DeliveryIndex } from './readModel/DeliveryIndex';
import { ReadModel } from './readModel/ReadModel';
import { createRouter } from './router';
import { AuthorizedDelivery } from './service/AuthorizedDelivery';
import { DeliveryQueries } from './service/DeliveryQueries';
import { FleetAnswers } from './service/FleetAnswers';

/** How often a replica without a lease asks for it, so how long one is idle. */
const CONTEND_MS = 1_000;
/** Pause before a source that gave up is run again. */
const RESTART_MS = 5_000;
/** For how long changes are gathered into one hint. */
const COALESCE_MS = 100;
/** How long what a caller may see in the catalog is remembered. */
const VISIBILITY_MS = 10_000;
/** How long a stopping backend waits for its sources, and for the rest. */
const STOP_MS = 5_000;

/**
 * The delivery backend: what runs where.
 *
 * @public
 */
export const deliveryPlugin = createBackendPlugin({
  pluginId: 'delivery',
  register(env) {
    const upstreams = new Map<string, ApplicationUpstream>();

    env.registerExtensionPoint(deliveryUpstreamsExtensionPoint, {
      addUpstream(upstream) {
        if (upstreams.has(upstream.id)) {
          throw new ConflictError(
            `There is an upstream of the id '${upstream.id}' already`,
          );
        }
        upstreams.set(upstream.id, upstream);
      },
    });

    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        signals: signalsServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { auth, catalog, events, logger } = deps;
        const config = readDeliveryConfig(deps.config);
        const { times } = config;
        const knex = await openDatabase(deps.database);
        const leases = DatabaseLeases.create({ knex });
        const store = DatabaseDeliveryStore.create({ knex, leases });
        const index = DeliveryIndex.create({ config: config.matching });
        const readModel = ReadModel.create({
          store,
          index,
          upstreams: [...upstreams.values()],
          logger,
          pollMs: times.pollMs,
          freshForMs: times.freshForMs,
          startedAt: formatTime(DateTime.utc()),
        });
        const notifier = ChangeNotifier.create({
          events,
          signals: deps.signals,
          readModel,
          logger,
          coalesceMs: COALESCE_MS,
          nameServices: readHints(deps.config).nameServices,
        });
        const replica = `${hostname()}-${process.pid}-${randomUUID()}`;
        const activityTable = DatabaseActivityLog.create({ knex });
        const activity = AuditedActivityLog.create({
          table: activityTable,
          auditor: deps.auditor,
          logger,
        });
        const revertWriter = GitRevertWriter.create(config.gitops);
        const history = DatabaseHistory.create({ knex });
        const actions = createActions({
          config: config.actions,
          claimTtlMs: times.leaseTtlMs,
          knex,
          holder: replica,
          upstreams,
          readModel,
          history,
          revertWriter,
          activity,
          notifier,
          logger,
        });
        const ingester = Ingester.create({
          logger,
          runners: [...upstreams.values()].map(upstream =>
            UpstreamRunner.create({
              upstream,
              holder: replica,
              store,
              leases,
              logger,
              times: {
                leaseTtlMs: times.leaseTtlMs,
                contendMs: Math.min(CONTEND_MS, times.leaseTtlMs / 2),
                heartbeatMs: times.heartbeatMs,
                restartMs: RESTART_MS,
              },
              onCommit: commit => {
                notifier.committed(commit);
                void actions.reconciler.applicationsChanged(
                  commit.applicationIds,
                );
              },
            }),
          ),
        });
        deps.permissionsRegistry.addResourceType({
          resourceRef: deliveryDeploymentResourceRef,
          permissions: deliveryPermissions,
          rules: deliveryPermissionRules,
          getResources: async refs =>
            refs.map(ref => {
              const resource = parseDeploymentResourceRef(ref);
              return (
                resource && {
                  ...resource,
                  owners:
                    index.service(resource.entityRef)?.service.owners ?? [],
                }
              );
            }),
        });
        const visibility = CatalogVisibility.create({
          catalog,
          filter: config.services,
          ttlMs: VISIBILITY_MS,
        });
        const access = DeliveryAccess.create({
          permissions: deps.permissions,
          permissionsRegistry: deps.permissionsRegistry,
          visibility,
          index,
        });
        const indexer = CatalogIndexer.create({
          catalog,
          auth,
          logger,
          filter: config.services,
          refreshMs: times.catalogRefreshMs,
          onSnapshot: snapshot => index.setCatalog(snapshot),
        });

        deps.httpRouter.use(
          createRouter({
            httpAuth: deps.httpAuth,
            delivery: AuthorizedDelivery.create({
              auth,
              catalog,
              logger,
              readModel,
              userInfo: deps.userInfo,
              access,
              actions: actions.service,
              fleet: FleetAnswers.create({ readModel }),
              queries: DeliveryQueries.create({
                readModel,
                history,
              }),
            }),
            actions: AuthorizedActions.create({
              service: actions.service,
              access,
              activity,
              readModel,
              catalog,
              auth,
            }),
            activity: AuthorizedActivity.create({
              access: ActivityAccess.create({
                permissions: deps.permissions,
                permissionsRegistry: deps.permissionsRegistry,
                visibility,
                index,
              }),
              reader: ActivityReader.create({ table: activityTable }),
              catalog,
              readModel,
            }),
            activityLog: activity,
          }),
        );

        // An id of its own for each process: replicas with one id would share
        // the events among them, and each must hear of every change.
        await events.subscribe({
          id: `replica-${replica}`,
          topics: [CHANGED_TOPIC],
          onEvent: async () => {
            await readModel.catchUp();
          },
        });

        deps.lifecycle.addStartupHook(() => {
          readModel.start();
          indexer.start();
          ingester.start();
          actions.reconciler.start();
        });
        deps.lifecycle.addShutdownHook(async () => {
          await Promise.all([
            ingester.stop({ withinMs: STOP_MS }),
            actions.reconciler.stop({ withinMs: STOP_MS }),
          ]);
          // Nothing is lost with these; a database that hangs must not keep the
          // process from ending.
          await isDoneWithin(
            Promise.all([notifier.stop(), indexer.stop(), readModel.stop()]),
            STOP_MS,
          );
        });
      },
    });
  },
});
