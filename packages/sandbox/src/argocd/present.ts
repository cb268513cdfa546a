import { Health } from '../cluster';
import { JsonObject } from '../kustomize';
import { resourceId } from './compare';
import { Application, AppProject } from './wire';

/**
 * An application as the API shows it: without the type, and with the health
 * of its resources where the call fills that in (get and watch do, list does
 * not: A11).
 */
export function presentApplication(
  application: Application,
  options: { healths?: ReadonlyMap<string, Health> } = {},
): JsonObject {
  const { apiVersion: _, kind: __, ...shown } = application;
  const { healths } = options;
  const resources = application.status?.resources;
  if (!healths || !resources) return shown;
  return {
    ...shown,
    status: {
      ...application.status,
      resources: resources.map(resource => {
        const health = healths.get(resourceId(resource));
        return health ? { ...resource, health: { ...health } } : resource;
      }),
    },
  };
}

/** A project as the API shows it. */
export function presentProject(project: AppProject): JsonObject {
  const { apiVersion: _, kind: __, ...shown } = project;
  return shown;
}
