import { isJsonObject, JsonObject, valueAt } from '../../kustomize';
import { shortName } from '../chance';
import { LiveObject } from '../objectStore';

/** The pod template of a workload; empty when it has none. */
export function templateOf(workload: LiveObject): JsonObject {
  const template = valueAt(workload, 'spec', 'template');
  return isJsonObject(template) ? template : {};
}

/** A name part that changes exactly when the template does. */
export function templateHash(workload: LiveObject): string {
  return shortName(10, JSON.stringify(templateOf(workload)));
}

/** How many pods a workload wants; 1 when it does not say. */
export function wantedReplicas(workload: LiveObject): number {
  const replicas = valueAt(workload, 'spec', 'replicas');
  return typeof replicas === 'number' ? replicas : 1;
}

/** A number or percentage of a rolling update, as a number of pods. */
export function podsOf(options: {
  value: unknown;
  fallback: string;
  wanted: number;
  round: (value: number) => number;
}): number {
  const { value, fallback, wanted, round } = options;
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : fallback;
  const number = parseFloat(text);
  return text.endsWith('%') ? round((wanted * number) / 100) : number;
}
