import Router from 'express-promise-router';
import type { Router as ExpressRouter } from 'express';
import { z } from 'zod';
import { nameOf } from '../controller/applications';
import { syncIsAllowed } from '../controller/syncWindows';
import { ArgoCdError, GRPC } from '../errors';
import { presentApplication } from '../present';
import {
  RevisionFields,
  revisionFields,
  revisionsOf,
  sourceFields,
  sourcesOf,
} from '../sources/sourceList';
import { Application, Operation } from '../wire';
import {
  query,
  rbacNameOf,
  requireApplication,
  requirePermission,
  RouteContext,
  sendJson,
  sessionOf,
} from './context';
import { parseBody } from './parseBody';
import { requestedRevisions } from './requestedRevisions';

/** Argo CD reads bodies leniently: null and absent are the same. */
const text = z.string().nullish();
const flag = z.boolean().nullish();

const syncBody = z.object({
  appNamespace: text,
  project: text,
  revision: text,
  revisions: z.array(z.string()).nullish(),
  /** Local manifests, one JSON each: nobody syncs Git with them. */
  manifests: z.array(z.string()).nullish(),
  sourcePositions: z.array(z.int()).nullish(),
  dryRun: flag,
  prune: flag,
  strategy: z
    .object({
      apply: z.object({ force: flag }).nullish(),
      hook: z.object({ force: flag }).nullish(),
    })
    .nullish(),
  resources: z
    .array(
      z.object({
        group: text,
        kind: z.string(),
        name: z.string(),
        namespace: text,
      }),
    )
    .nullish(),
  infos: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  retryStrategy: z
    .object({
      limit: z.int().optional(),
      refresh: z.boolean().optional(),
      backoff: z
        .object({
          duration: z.string().optional(),
          factor: z.int().optional(),
          maxDuration: z.string().optional(),
        })
        .optional(),
    })
    .nullish(),
  syncOptions: z.object({ items: z.array(z.string()).nullish() }).nullish(),
});

const rollbackBody = z.object({
  id: z.int().nullish(),
  dryRun: flag,
  prune: flag,
  appNamespace: text,
  project: text,
});

/** Sync, rollback and terminate. */
export function operationRoutes(context: RouteContext): ExpressRouter {
  const router = Router();

  function start(application: Application, operation: Operation) {
    return presentApplication(
      context.controller.requestOperation(nameOf(application), operation),
    );
  }

  router.post('/api/v1/applications/:name/sync', async (request, response) => {
    const session = await sessionOf(context, request);
    const body = parseBody(syncBody, request.body);
    const where = {
      context,
      session,
      name: request.params.name,
      namespace: body.appNamespace ?? undefined,
      project: body.project ?? undefined,
    };
    const application = requireApplication({ ...where, action: 'get' });
    // The window is asked before the permission, as upstream does.
    requireOpenWindow(context, application);
    const object = rbacNameOf(application);
    const allowed = { resource: 'applications', object };
    requirePermission(context, session, { ...allowed, action: 'sync' });
    const { spec } = application;
    if (body.manifests?.length) {
      requirePermission(context, session, { ...allowed, action: 'override' });
      throw new ArgoCdError(
        GRPC.unimplemented,
        'the sandbox does not sync local manifests',
      );
    }
    requireNotDeleting(application);
    const automated = spec.syncPolicy?.automated;
    const asked = requestedRevisions(spec, {
      revision: body.revision ?? undefined,
      revisions: body.revisions ?? undefined,
      sourcePositions: body.sourcePositions ?? undefined,
    });
    if (automated && automated.enabled !== false && !body.dryRun) {
      sourcesOf(spec).forEach(({ targetRevision }, index) => {
        const wanted = targetRevision || 'HEAD';
        const revision = asked[index];
        if (revision && revision !== wanted) {
          throw new ArgoCdError(
            GRPC.failedPrecondition,
            `Cannot sync to ${revision}: auto-sync currently set to ${wanted}`,
          );
        }
      });
    }
    const syncOptions = body.syncOptions?.items ?? spec.syncPolicy?.syncOptions;
    const retry = body.retryStrategy ?? spec.syncPolicy?.retry;
    const operation: Operation = {
      sync: {
        ...(spec.sources?.length
          ? { sources: spec.sources }
          : { source: spec.source }),
        ...(await resolved(context, application, asked)),
        ...(body.prune ? { prune: true } : {}),
        ...(body.dryRun ? { dryRun: true } : {}),
        ...(body.resources?.length
          ? { resources: body.resources.map(withoutNulls) }
          : {}),
        ...(syncOptions?.length ? { syncOptions } : {}),
        ...(body.strategy ? { syncStrategy: strategyOf(body.strategy) } : {}),
      },
      initiatedBy: { username: session.username },
      ...(body.infos?.length ? { info: body.infos } : {}),
      ...(retry ? { retry } : {}),
    };
    // Asked last, so that of two requests at once only one comes through.
    requireNoOperation(context.applications.get(nameOf(application)));
    await sendJson(request, response, start(application, operation));
  });

  router.post(
    '/api/v1/applications/:name/rollback',
    async (request, response) => {
      const session = await sessionOf(context, request);
      const body = parseBody(rollbackBody, request.body);
      const application = requireApplication({
        context,
        session,
        action: 'sync',
        name: request.params.name,
        namespace: body.appNamespace ?? undefined,
        project: body.project ?? undefined,
      });
      requireNotDeleting(application);
      const { spec, status } = application;
      const automated = spec.syncPolicy?.automated;
      if (automated && automated.enabled !== false) {
        throw new ArgoCdError(
          GRPC.failedPrecondition,
          'rollback cannot be initiated when auto-sync is enabled',
        );
      }
      const id = body.id ?? 0;
      const entry = status?.history?.find(item => item.id === id);
      if (!entry) {
        throw new ArgoCdError(
          GRPC.invalidArgument,
          `application ${qualifiedName(
            application,
          )} does not have deployment with id ${id}`,
        );
      }
      requireNoOperation(application);
      const operation: Operation = {
        sync: {
          ...revisionFields(entry, revisionsOf(entry)),
          ...sourceFields(entry),
          ...(body.prune ? { prune: true } : {}),
          ...(body.dryRun ? { dryRun: true } : {}),
          ...(spec.syncPolicy?.syncOptions
            ? { syncOptions: spec.syncPolicy.syncOptions }
            : {}),
          // Hooks do not run in a rollback (B21).
          syncStrategy: { apply: {} },
        },
        initiatedBy: { username: session.username },
      };
      await sendJson(request, response, start(application, operation));
    },
  );

  router.delete(
    '/api/v1/applications/:name/operation',
    async (request, response) => {
      const session = await sessionOf(context, request);
      const application = requireApplication({
        context,
        session,
        action: 'sync',
        name: request.params.name,
        namespace: query(request, 'appNamespace'),
        project: query(request, 'project'),
      });
      if (
        !application.operation ||
        application.status?.operationState?.phase === undefined
      ) {
        throw new ArgoCdError(
          GRPC.invalidArgument,
          'Unable to terminate operation. No operation is in progress',
        );
      }
      context.controller.terminateOperation(nameOf(application));
      await sendJson(request, response, {});
    },
  );

  return router;
}

/** The name with its namespace, where that says something. */
function qualifiedName(application: Application): string {
  const { name, namespace } = nameOf(application);
  return `${namespace}/${name}`;
}

function requireOpenWindow(
  context: RouteContext,
  application: Application,
): void {
  const windows = context.controller.windowsFor(application);
  const now = context.clock.now();
  if (!syncIsAllowed({ windows, now, manual: true })) {
    throw new ArgoCdError(
      GRPC.permissionDenied,
      'cannot sync: blocked by sync window',
    );
  }
}

function requireNotDeleting(application: Application): void {
  if (application.metadata.deletionTimestamp) {
    throw new ArgoCdError(GRPC.failedPrecondition, 'application is deleting');
  }
}

function requireNoOperation(application: Application): void {
  if (application.operation) {
    throw new ArgoCdError(
      GRPC.failedPrecondition,
      // The status of one call wrapped in the error of another, as upstream.
      'error setting app operation: rpc error: code = FailedPrecondition desc = another operation is already in progress',
    );
  }
}

/** The commits of requested revisions; one that is not there is refused. */
async function resolved(
  context: RouteContext,
  application: Application,
  revisions: readonly (string | undefined)[],
): Promise<RevisionFields> {
  const { spec } = application;
  try {
    const commits = await context.manifests.resolveAll(sourcesOf(spec), {
      revisions,
    });
    return revisionFields(spec, commits);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArgoCdError(GRPC.failedPrecondition, reason);
  }
}

function strategyOf(
  strategy: NonNullable<z.infer<typeof syncBody>['strategy']>,
): Operation['sync']['syncStrategy'] {
  const { apply, hook } = strategy;
  return {
    ...(apply ? { apply: apply.force ? { force: true } : {} } : {}),
    ...(hook ? { hook: hook.force ? { force: true } : {} } : {}),
  };
}

function withoutNulls(resource: {
  group?: string | null;
  kind: string;
  name: string;
  namespace?: string | null;
}) {
  const { group, kind, name, namespace } = resource;
  return {
    ...(group ? { group } : {}),
    kind,
    name,
    ...(namespace ? { namespace } : {}),
  };
}
