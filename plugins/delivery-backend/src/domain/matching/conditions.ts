import picomatch from 'picomatch';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import {
  ApplicationCondition,
  Service,
  ServiceCondition,
  TextMatcher,
} from './types';

/**
 * Matches a text with globs: `n9-*`, `{checkout,payment}-*`. `*` also stands
 * for dots and slashes, for names here are no paths.
 */
export function globMatcher(patterns: string[]): TextMatcher {
  const matches = patterns.map(pattern =>
    // A slash means nothing in these names, but picomatch would stop '*' at it.
    picomatch(pattern.replaceAll('/', '\u0000'), { dot: true }),
  );
  return text => {
    const name = text.replaceAll('/', '\u0000');
    return matches.some(match => match(name));
  };
}

/** Whether an application meets every part of a condition. */
export function meetsApplicationCondition(
  application: ObservedApplication,
  condition: ApplicationCondition,
  cluster: string | undefined,
): boolean {
  const { instance, project, namespace, name, labels } = condition;
  return (
    holds(instance, application.id.instance) &&
    holds(project, application.project) &&
    holds(condition.cluster, cluster) &&
    holds(namespace, application.destination.namespace) &&
    holds(name, application.id.name) &&
    Object.entries(labels ?? {}).every(([label, matcher]) =>
      holds(matcher, application.labels[label]),
    )
  );
}

/** Whether a service meets every part of a condition. */
export function meetsServiceCondition(
  service: Service,
  condition: ServiceCondition,
): boolean {
  const { name, namespace, system, owner } = condition;
  return (
    holds(name, service.name) &&
    holds(namespace, service.namespace) &&
    holds(system, service.system) &&
    (owner === undefined || service.owners.some(owner))
  );
}

/** What has no value meets no condition on it. */
function holds(
  matcher: TextMatcher | undefined,
  text: string | undefined,
): boolean {
  return matcher === undefined || (text !== undefined && matcher(text));
}
