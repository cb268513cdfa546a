import type { Environment, Service } from '../model';

/** Labels that every object of a component carries. */
export function commonLabels(component: {
  name: string;
  system: string;
}): Record<string, string> {
  return {
    'app.kubernetes.io/name': component.name,
    'app.kubernetes.io/part-of': component.system,
    'backstage.io/kubernetes-id': component.name,
  };
}

/** What selects the pods of a component; never changes once deployed. */
export function selectorLabels(component: {
  name: string;
}): Record<string, string> {
  return { 'app.kubernetes.io/name': component.name };
}

/** Image of a service without tag and digest. */
export function imageName(service: Service, registry: string): string {
  return `${registry}/${service.name}`;
}

/** Folder of a service's overlay: `apps/checkout/overlays/staging`. */
export function overlayPath(
  service: { name: string },
  environment: Environment,
): string {
  return `apps/${service.name}/overlays/${environment.directory}`;
}

/** File that defines a component's application in an environment. */
export function applicationPath(
  component: { name: string },
  environment: Environment,
): string {
  return `environments/${environment.directory}/apps/${component.name}.yaml`;
}

/** Clone URL of another repository on the same server. */
export function siblingUrl(repoUrl: string, repository: string): string {
  return new URL(`/${repository}.git`, repoUrl).href;
}
