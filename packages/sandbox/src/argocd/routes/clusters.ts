import Router from 'express-promise-router';
import type { Router as ExpressRouter } from 'express';
import { ArgoCdError, GRPC } from '../errors';
import { sourcesOf } from '../sources/sourceList';
import { may, query, RouteContext, sendJson, sessionOf } from './context';

/** The clusters and repositories that are registered with an Argo CD. */
export function clusterRoutes(context: RouteContext): ExpressRouter {
  const router = Router();

  router.get('/api/v1/clusters', async (request, response) => {
    const session = await sessionOf(context, request);
    const name = query(request, 'name');
    const server = query(request, 'server');
    const items = clusterItems(context).filter(
      cluster =>
        (!name || cluster.name === name) &&
        (!server || cluster.server === server) &&
        may(context, session, accessTo('clusters', cluster.server)),
    );
    await sendJson(request, response, {
      metadata: {},
      items: items.length > 0 ? items : null,
    });
  });

  router.get('/api/v1/clusters/:id', async (request, response) => {
    const session = await sessionOf(context, request);
    const byName = query(request, 'id.type') === 'name';
    const found = clusterItems(context).find(
      cluster => request.params.id === (byName ? cluster.name : cluster.server),
    );
    // Nobody learns which of the two it is.
    if (!found || !may(context, session, accessTo('clusters', found.server))) {
      throw new ArgoCdError(GRPC.permissionDenied, 'permission denied');
    }
    await sendJson(request, response, found);
  });

  router.get('/api/v1/repositories', async (request, response) => {
    const session = await sessionOf(context, request);
    const wanted = query(request, 'repo');
    const items = repositoriesOf(context)
      .filter(
        repo =>
          (!wanted || repo === wanted) &&
          may(context, session, accessTo('repositories', repo)),
      )
      .map(repo => ({
        repo,
        type: 'git',
        connectionState: connectionState(context),
      }));
    await sendJson(request, response, {
      metadata: {},
      items: items.length > 0 ? items : null,
    });
  });

  return router;
}

function accessTo(resource: string, object: string) {
  return { resource, action: 'get', object };
}

/** Every repository that some application reads. */
function repositoriesOf(context: RouteContext): string[] {
  const urls = context.applications
    .list()
    .flatMap(({ spec }) => sourcesOf(spec).map(({ repoURL }) => repoURL));
  return [...new Set(urls)].sort();
}

function connectionState(context: RouteContext) {
  const now = context.clock.now().toISOString().slice(0, 19);
  return { status: 'Successful', message: '', attemptedAt: `${now}Z` };
}

function clusterItems(context: RouteContext) {
  const applications = context.applications.list();
  return context.destinations.clusters.map(registered => {
    const { name, server, serverVersion = 'v1.34.2', cluster } = registered;
    const state = connectionState(context);
    return {
      name,
      server,
      config: { tlsClientConfig: { insecure: false } },
      connectionState: state,
      serverVersion,
      info: {
        connectionState: state,
        serverVersion,
        applicationsCount: applications.filter(
          ({ spec: { destination } }) =>
            destination.name === name || destination.server === server,
        ).length,
        cacheInfo: {
          resourcesCount: cluster.store.size,
          apisCount: 64,
          lastCacheSyncTime: state.attemptedAt,
        },
      },
    };
  });
}
