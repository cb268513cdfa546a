import Router from 'express-promise-router';
import type { Request, Router as ExpressRouter } from 'express';
import { compileSelector } from '../../kustomize';
import { nameOf, nameText } from '../controller/applications';
import { ArgoCdError, GRPC } from '../errors';
import { presentApplication } from '../present';
import { projectListItem } from '../projection';
import { sourcesOf } from '../sources/sourceList';
import { Application, CONTROL_NAMESPACE } from '../wire';
import {
  mayWithApplication,
  query,
  queryAll,
  requireApplication,
  RouteContext,
  sendJson,
  sessionOf,
} from './context';

/** List, get and watch. */
export function applicationRoutes(context: RouteContext): ExpressRouter {
  const router = Router();

  router.get('/api/v1/applications', async (request, response) => {
    const session = await sessionOf(context, request);
    const repo = query(request, 'repo');
    const name = query(request, 'name');
    const accepts = selection(request);
    const found = context.applications.list().filter(
      application =>
        accepts(application) &&
        (!name || application.metadata.name === name) &&
        // As upstream: only the first source counts.
        (!repo || sourcesOf(application.spec)[0]?.repoURL === repo) &&
        // What somebody may not see is left out without a word.
        mayWithApplication(context, session, 'get', application),
    );
    const fields = query(request, 'fields');
    const items = found.map(application => {
      const shown = presentApplication(application);
      return fields
        ? projectListItem(shown, { fields, version: context.version })
        : shown;
    });
    await sendJson(request, response, {
      metadata: {
        resourceVersion: context.applications.cluster.store.resourceVersion,
      },
      items: items.length > 0 ? items : null,
    });
  });

  router.get('/api/v1/applications/:name', async (request, response) => {
    const session = await sessionOf(context, request);
    const projects = projectsOf(request);
    if (projects.length > 1) {
      throw new ArgoCdError(
        GRPC.invalidArgument,
        'multiple projects specified - the get endpoint accepts either zero or one project',
      );
    }
    const find = () =>
      requireApplication({
        context,
        session,
        action: 'get',
        name: request.params.name,
        namespace: query(request, 'appNamespace'),
        project: projects[0],
      });
    const application = find();
    const refresh = query(request, 'refresh');
    if (refresh !== undefined) {
      // Any value refreshes, `false` and nothing too (A7).
      await within(
        context.refreshDeadlineSeconds,
        context.controller.refresh(
          nameOf(application),
          refresh === 'hard' ? 'hard' : 'normal',
        ),
      );
    }
    const present = find();
    await sendJson(
      request,
      response,
      presentApplication(present, {
        healths: context.applications.healths.get(nameText(nameOf(present))),
      }),
    );
  });

  router.get('/api/v1/stream/applications', async (request, response) => {
    const session = await sessionOf(context, request);
    if (context.streamsCut()) {
      throw new ArgoCdError(GRPC.unavailable, 'upstream connect error');
    }
    const name = query(request, 'name');
    const namespace = query(request, 'appNamespace') || CONTROL_NAMESPACE;
    const version = query(request, 'resourceVersion');
    const minimumVersion = version ? Number(version) : 0;
    if (Number.isNaN(minimumVersion)) {
      throw new ArgoCdError(
        GRPC.unknown,
        `strconv.Atoi: parsing "${version}": invalid syntax`,
      );
    }
    const accepts = selection(request);
    context.streams.subscribe({
      response,
      events: request.headers.accept === 'text/event-stream',
      filter: {
        accepts: application =>
          accepts(application) &&
          mayWithApplication(context, session, 'get', application) &&
          (!name ||
            (application.metadata.name === name &&
              application.metadata.namespace === namespace)),
        fields: query(request, 'fields'),
        replay: !version || name !== undefined,
        minimumVersion,
      },
    });
  });

  return router;
}

/**
 * Waits for a refresh, but not for ever: the request fails, and the refresh
 * still happens when its turn comes.
 */
async function within(seconds: number, refresh: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ArgoCdError(
            GRPC.unknown,
            'application refresh deadline exceeded',
          ),
        ),
      seconds * 1000,
    );
  });
  try {
    await Promise.race([refresh, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function projectsOf(request: Request): string[] {
  return [...queryAll(request, 'projects'), ...queryAll(request, 'project')];
}

/** Projects, namespace and label selector, which list and watch share. */
function selection(request: Request): (application: Application) => boolean {
  const projects = projectsOf(request);
  const namespace = query(request, 'name')
    ? undefined
    : query(request, 'appNamespace');
  const matches = compileSelector({
    selector: query(request, 'selector') ?? '',
    onError: reason =>
      new ArgoCdError(GRPC.unknown, `unable to parse requirement: ${reason}`),
  });
  return application =>
    (projects.length === 0 ||
      projects.includes(application.spec.project || 'default')) &&
    (!namespace || application.metadata.namespace === namespace) &&
    matches(application.metadata.labels ?? {});
}
