import Router from 'express-promise-router';
import type { Router as ExpressRouter } from 'express';
import { z } from 'zod';
import { ArgoCdError, GRPC } from '../errors';
import {
  may,
  requirePermission,
  RouteContext,
  sendJson,
  sessionOf,
} from './context';
import { parseBody } from './parseBody';

/** What a policy can speak of, in the order in which upstream lists it. */
const RESOURCES = [
  'clusters',
  'projects',
  'applications',
  'applicationsets',
  'repositories',
  'write-repositories',
  'certificates',
  'accounts',
  'gpgkeys',
  'logs',
  'exec',
  'extensions',
];
const ACTIONS = [
  'get',
  'create',
  'update',
  'delete',
  'sync',
  'override',
  'action',
  'invoke',
];

/** `expiresIn` is in seconds; 0 and absent: never. */
const newToken = z.object({
  expiresIn: z.coerce.number().int().min(0).nullish(),
  id: z.string().nullish(),
});

const login = z.object({ username: z.string(), password: z.string() });

/** Version, session, permissions, tokens and settings. */
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
      const { resource, action, subresource: object } = request.params;
      requireKnown(ACTIONS, action);
      requireKnown(RESOURCES, resource);
      const allowed = may(context, session, { resource, action, object });
      await sendJson(request, response, { value: allowed ? 'yes' : 'no' });
    },
  );

  router.post('/api/v1/account/:name/token', async (request, response) => {
    const session = await sessionOf(context, request);
    const { name } = request.params;
    const { expiresIn } = parseBody(newToken, request.body);
    // Everybody may have another token of their own.
    if (session.username !== name) {
      requirePermission(context, session, {
        resource: 'accounts',
        action: 'update',
        object: name,
      });
    }
    if (!context.tokens.accounts.includes(name)) {
      throw new ArgoCdError(GRPC.notFound, `account '${name}' does not exist`);
    }
    const token = await context.tokens.issue(name, expiresIn ?? 0);
    await sendJson(request, response, { token });
  });

  router.post(
    '/api/v1/projects/:project/roles/:role/token',
    async (request, response) => {
      const session = await sessionOf(context, request);
      const { project: object, role } = request.params;
      const { expiresIn, id } = parseBody(newToken, request.body);
      requirePermission(context, session, {
        resource: 'projects',
        action: 'update',
        object,
      });
      const project = context.applications.project(object);
      if (!project?.spec?.roles?.some(({ name }) => name === role)) {
        throw new ArgoCdError(
          GRPC.notFound,
          project
            ? `role '${role}' does not exist in project '${object}'`
            : `appprojects.argoproj.io "${object}" not found`,
        );
      }
      const { token, kept } = await context.tokens.issueForRole({
        project: object,
        role,
        expiresIn: expiresIn ?? 0,
        id: id || undefined,
      });
      context.applications.keepRoleToken({ project: object, role, kept });
      await sendJson(request, response, { token });
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
            // Absent is false, as everywhere in this API.
            ...(context.applications.inAnyNamespace
              ? { appsInAnyNamespaceEnabled: true }
              : {}),
            installationID: context.instance,
          }
        : base,
    );
  });

  return router;
}

function requireKnown(known: readonly string[], value: string): void {
  if (known.includes(value)) return;
  throw new ArgoCdError(
    GRPC.invalidArgument,
    `[${known.join(' ')}] does not contain ${value}`,
  );
}
