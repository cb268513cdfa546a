import Router from 'express-promise-router';
import type { Request, Router as ExpressRouter } from 'express';
import { assessHealth, keyOf, LiveObject, threeWayMerge } from '../../cluster';
import {
  groupOf,
  isJsonObject,
  JsonObject,
  KubernetesObject,
  valueAt,
  versionOf,
} from '../../kustomize';
import { nameOf } from '../controller/applications';
import { isActive, syncIsAllowed } from '../controller/syncWindows';
import { ArgoCdError, GRPC } from '../errors';
import { presentProject } from '../present';
import { projectByPrefix } from '../projection';
import { targetDiffers } from '../compare';
import { imagesOf } from '../../cluster';
import { sourcesOf } from '../sources/sourceList';
import { isHook } from '../targets';
import { Application, AppProject, SyncWindow } from '../wire';
import {
  may,
  query,
  queryAll,
  requireApplication,
  requirePermission,
  RouteContext,
  sendJson,
  sessionOf,
} from './context';
import { requestedRevisions } from './requestedRevisions';

/** What an application consists of, and the projects that bound it. */
export function resourceRoutes(context: RouteContext): ExpressRouter {
  const router = Router();
  const base = '/api/v1/applications/:name';

  async function applicationOf(request: Request): Promise<Application> {
    const session = await sessionOf(context, request);
    return requireApplication({
      context,
      session,
      action: 'get',
      name: request.params.name,
      namespace: query(request, 'appNamespace'),
      project: query(request, 'project'),
    });
  }

  router.get(`${base}/resource-tree`, async (request, response) => {
    const application = await applicationOf(request);
    const { name, cluster } = context.destinations.resolve(
      application.spec.destination,
    );
    const nodes: JsonObject[] = [];
    const visit = (live: LiveObject) => {
      nodes.push(nodeOf(live));
      cluster.store.ownedBy(live.metadata.uid).forEach(visit);
    };
    context.destinations.managedBy(name, nameOf(application)).forEach(visit);
    await sendJson(request, response, nodes.length > 0 ? { nodes } : {});
  });

  router.get(`${base}/managed-resources`, async (request, response) => {
    const application = await applicationOf(request);
    const items = await managedResources(context, application);
    const filtered = items.filter(item =>
      ['namespace', 'name', 'group', 'kind'].every(field => {
        const wanted = query(request, field);
        return !wanted || item[field] === wanted;
      }),
    );
    const fields = query(request, 'fields');
    const body = { items: filtered.length > 0 ? filtered : null };
    await sendJson(
      request,
      response,
      fields ? projectByPrefix(body, fields) : body,
    );
  });

  router.get(`${base}/manifests`, async (request, response) => {
    const application = await applicationOf(request);
    const { spec } = application;
    const sources = sourcesOf(spec);
    if (sources.length === 0) return sendJson(request, response, {});
    const commits = await context.manifests.resolveAll(sources, {
      revisions: requestedRevisions(spec, {
        revision: query(request, 'revision'),
        revisions: queryAll(request, 'revisions'),
        sourcePositions: queryAll(request, 'sourcePositions').map(Number),
      }),
    });
    const { renderings } = await context.manifests.render({
      sources,
      commits,
      fresh: query(request, 'noCache') === 'true',
    });
    return sendJson(request, response, {
      manifests: renderings.flatMap(({ objects }) =>
        objects.map(object => JSON.stringify(masked(object))),
      ),
      namespace: spec.destination.namespace,
      server: context.destinations.resolve(spec.destination).server,
      // One field for however many sources: upstream gives the first.
      revision: commits[0],
      sourceType: renderings[0].sourceType,
    });
  });

  router.get(
    `${base}/revisions/:revision/metadata`,
    async (request, response) => {
      const { spec } = await applicationOf(request);
      // Counted from 0 here, from 1 everywhere else.
      const index = Number(query(request, 'sourceIndex') || 0);
      const source = sourcesOf(spec)[index];
      if (!source) {
        throw new ArgoCdError(GRPC.unknown, `source index ${index} not found`);
      }
      const repoUrl = source.repoURL;
      const commit = await context.repositories.readCommit({
        repoUrl,
        commit: request.params.revision,
      });
      if (!commit) {
        throw new ArgoCdError(
          GRPC.unknown,
          `revision ${request.params.revision} not found in ${repoUrl}`,
        );
      }
      const { author, date, message, tags } = commit;
      await sendJson(request, response, {
        author,
        date,
        ...(tags.length > 0 ? { tags } : {}),
        message,
      });
    },
  );

  router.get(`${base}/syncwindows`, async (request, response) => {
    const application = await applicationOf(request);
    const windows = context.controller.windowsFor(application);
    const now = context.clock.now();
    const active = windows.filter(window => isActive(window, now));
    await sendJson(request, response, {
      ...(active.length > 0 ? { activeWindows: active.map(brief) } : {}),
      ...(windows.length > 0 ? { assignedWindows: windows.map(brief) } : {}),
      canSync: syncIsAllowed({ windows, now, manual: true }),
    });
  });

  router.get('/api/v1/projects', async (request, response) => {
    const session = await sessionOf(context, request);
    const items = context.applications
      .projects()
      .filter(({ metadata: { name: object } }) =>
        may(context, session, { resource: 'projects', action: 'get', object }),
      )
      .map(presentProject);
    await sendJson(request, response, {
      metadata: {
        resourceVersion: context.applications.cluster.store.resourceVersion,
      },
      items: items.length > 0 ? items : null,
    });
  });

  router.get('/api/v1/projects/:name', async (request, response) => {
    const project = await projectOf(request);
    await sendJson(request, response, presentProject(project));
  });

  router.get(
    '/api/v1/projects/:name/syncwindows',
    async (request, response) => {
      const project = await projectOf(request);
      const now = context.clock.now();
      const windows = (project.spec?.syncWindows ?? []).filter(window =>
        isActive(window, now),
      );
      await sendJson(request, response, windows.length > 0 ? { windows } : {});
    },
  );

  async function projectOf(request: Request): Promise<AppProject> {
    const session = await sessionOf(context, request);
    const object = request.params.name;
    requirePermission(context, session, {
      resource: 'projects',
      action: 'get',
      object,
    });
    const project = context.applications.project(object);
    if (!project) {
      throw new ArgoCdError(
        GRPC.notFound,
        `appprojects.argoproj.io "${object}" not found`,
      );
    }
    return project;
  }

  return router;
}

function nodeOf(live: LiveObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } =
    live.metadata;
  const health = assessHealth(live, { applicationHealth: false });
  const isPod = groupOf(live) === '' && live.kind === 'Pod';
  const owners = live.metadata.ownerReferences ?? [];
  return {
    group: groupOf(live),
    version: versionOf(live),
    kind: live.kind,
    ...(namespace ? { namespace } : {}),
    name,
    uid,
    resourceVersion,
    createdAt: creationTimestamp,
    ...(owners.length > 0
      ? {
          parentRefs: owners.map(owner => ({
            group: groupOf(owner),
            kind: owner.kind,
            namespace,
            name: owner.name,
            uid: owner.uid,
          })),
        }
      : {}),
    ...(health ? { health: { ...health } } : {}),
    ...(isPod ? { images: imagesOf(valueAt(live, 'spec')) } : {}),
  };
}

async function managedResources(
  context: RouteContext,
  application: Application,
): Promise<JsonObject[]> {
  const name = nameOf(application);
  const registered = context.destinations.resolve(application.spec.destination);
  const { store } = registered.cluster;
  const targets = await context.controller.targetsOf(name);
  const ignore = application.spec.ignoreDifferences ?? [];
  const wanted = new Set<string>();
  const items: JsonObject[] = [];
  for (const target of targets) {
    if (isHook(target.manifest)) continue;
    wanted.add(target.id);
    const stored = store.stored(target.key);
    const live = stored?.object;
    const predicted = stored
      ? threeWayMerge({
          live: stored.object,
          lastApplied: stored.lastApplied,
          manifest: target.manifest,
        })
      : target.manifest;
    items.push({
      ...identity(target.manifest),
      targetState: state(target.manifest),
      liveState: state(live),
      normalizedLiveState: state(live),
      predictedLiveState: state(predicted),
      ...(live ? { resourceVersion: live.metadata.resourceVersion } : {}),
      modified: stored ? targetDiffers(stored, target, ignore) : true,
    });
  }
  for (const live of context.destinations.managedBy(registered.name, name)) {
    const { group, kind, namespace = '', name: object } = keyOf(live);
    if (wanted.has(`${group}|${kind}|${namespace}|${object}`) || isHook(live)) {
      continue;
    }
    items.push({
      ...identity(live),
      targetState: 'null',
      liveState: state(live),
      normalizedLiveState: state(live),
      predictedLiveState: 'null',
      resourceVersion: live.metadata.resourceVersion,
      modified: true,
    });
  }
  return items;
}

function identity(object: KubernetesObject): JsonObject {
  const group = groupOf(object);
  const { name, namespace } = object.metadata;
  return {
    ...(group ? { group } : {}),
    kind: object.kind,
    ...(namespace ? { namespace } : {}),
    name,
  };
}

/** A state is text: JSON, or `null` for an object that is not there. */
function state(object: KubernetesObject | undefined): string {
  return JSON.stringify(object ? masked(object) : null);
}

/** Values of Secrets never leave Argo CD. */
function masked(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Secret' || groupOf(object) !== '') return object;
  const hide = (values: unknown) =>
    isJsonObject(values)
      ? Object.fromEntries(Object.keys(values).map(key => [key, '++++++++']))
      : undefined;
  return {
    ...object,
    ...(object.data ? { data: hide(object.data) } : {}),
    ...(object.stringData ? { stringData: hide(object.stringData) } : {}),
  };
}

/** An application learns little of its windows; the project has the rest. */
function brief(window: SyncWindow): JsonObject {
  const { kind, schedule, duration, manualSync } = window;
  return { kind, schedule, duration, manualSync: manualSync ?? false };
}
