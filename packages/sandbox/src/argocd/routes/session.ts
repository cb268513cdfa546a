import Router from 'express-promise-router';
import type { Router as ExpressRouter } from 'express';
import { z } from 'zod';
import { may } from '../auth';
import { ArgoCdError, GRPC } from '../errors';
import { query, RouteContext, sendJson, sessionOf } from './context';
import { parseBody } from './parseBody';

const login = z.object({ username: z.string(), password: z.string() });

/** Version, session, permissions and settings. */
export function sessionRoutes(context: RouteContext): ExpressRouter {
  const router = Router();

  router.get('/api/version', async (request, response) => {
    // Everybody learns the version; who is logged in learns how it was built.
    const session = await sessionOf(context, request).catch(() => undefined);
    const Version = `${context.version.text}+sandbox`;
    await sendJson(
      request,
      response,
      session
        ? {
            Version,
            GitTag: context.version.text,
            GitTreeState: 'clean',
            Platform: 'simulated',
          }
        : { Version },
    );
  });

  router.post('/api/v1/session', async (request, response) => {
    const { username, password } = parseBody(login, request.body);
    const token = await context.tokens.login(username, password);
    await sendJson(request, response, { token });
  });

  router.get('/api/v1/session/userinfo', async (request, response) => {
    const session = await sessionOf(context, request).catch(error => {
      // Nobody is an answer; somebody with a bad token is an error.
      if (String(error.message) === 'no session information') return undefined;
      throw error;
    });
    await sendJson(
      request,
      response,
      session
        ? { loggedIn: true, username: session.username, iss: 'argocd' }
        : { loggedIn: false },
    );
  });

  router.get(
    '/api/v1/account/can-i/:resource/:action/:subresource(*)',
    async (request, response) => {
      const session = await sessionOf(context, request);
      const { action } = request.params;
      const value = may(session, action) ? 'yes' : 'no';
      await sendJson(request, response, { value });
    },
  );

  router.get('/api/v1/settings', async (request, response) => {
    const session = await sessionOf(context, request).catch(() => undefined);
    const base = {
      url: context.url(),
      appLabelKey: 'app.kubernetes.io/instance',
    };
    await sendJson(
      request,
      response,
      session
        ? {
            ...base,
            trackingMethod: 'annotation',
            controllerNamespace: 'argocd',
            appsInAnyNamespaceEnabled: true,
            installationID: context.instance,
          }
        : base,
    );
  });

  router.get('/api/v1/clusters', async (request, response) => {
    await sessionOf(context, request);
    const name = query(request, 'name');
    const server = query(request, 'server');
    const items = clusterItems(context).filter(
      cluster =>
        (!name || cluster.name === name) &&
        (!server || cluster.server === server),
    );
    await sendJson(request, response, {
      metadata: {},
      items: items.length > 0 ? items : null,
    });
  });

  router.get('/api/v1/clusters/:id', async (request, response) => {
    await sessionOf(context, request);
    const byName = query(request, 'id.type') === 'name';
    const found = clusterItems(context).find(
      cluster => request.params.id === (byName ? cluster.name : cluster.server),
    );
    if (!found) {
      throw new ArgoCdError(GRPC.permissionDenied, 'permission denied');
    }
    await sendJson(request, response, found);
  });

  return router;
}

function clusterItems(context: RouteContext) {
  const applications = context.applications.list();
  return context.destinations.clusters.map(registered => {
    const { name, server, serverVersion = 'v1.34.2', cluster } = registered;
    const now = context.clock.now().toISOString().slice(0, 19);
    const connectionState = {
      status: 'Successful',
      message: '',
      attemptedAt: `${now}Z`,
    };
    return {
      name,
      server,
      config: { tlsClientConfig: { insecure: false } },
      connectionState,
      serverVersion,
      info: {
        connectionState,
        serverVersion,
        applicationsCount: applications.filter(
          ({ spec: { destination } }) =>
            destination.name === name || destination.server === server,
        ).length,
        cacheInfo: {
          resourcesCount: cluster.store.size,
          apisCount: 64,
          lastCacheSyncTime: `${now}Z`,
        },
      },
    };
  });
}
