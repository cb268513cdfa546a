/** What of the audit is shown, as it stands in the address of the page. */
export type ActivityFilters = {
  /** Full ref of a service; every service when absent. */
  entityRef?: string;
  /** Id of an environment; every environment when absent. */
  environment?: string;
  /** Ref of who asked; anybody when absent. */
  actor?: string;
  /** Only refusals, or only what was carried out. */
  event?: 'refused' | 'done';
};

/** Parameters of the address that are filters; others are left alone. */
const KEYS = ['entity', 'environment', 'person', 'show'] as const;

/** Reads filters from an address. What cannot be read is as if absent. */
export function readActivityFilters(params: URLSearchParams): ActivityFilters {
  const show = params.get('show');
  return {
    entityRef: params.get('entity') || undefined,
    environment: params.get('environment') || undefined,
    actor: params.get('person') || undefined,
    event: show === 'refused' || show === 'done' ? show : undefined,
  };
}

/** Writes filters into an address; what is absent is left out. */
export function writeActivityFilters(
  filters: ActivityFilters,
  params: URLSearchParams = new URLSearchParams(),
): URLSearchParams {
  const result = new URLSearchParams(params);
  KEYS.forEach(key => result.delete(key));
  const values = {
    entity: filters.entityRef,
    environment: filters.environment,
    person: filters.actor,
    show: filters.event,
  };
  for (const key of KEYS) {
    const value = values[key];
    if (value) {
      result.set(key, value);
    }
  }
  return result;
}

/** Whether a filter hides activity. */
export function hidesActivity(filters: ActivityFilters): boolean {
  return Object.values(filters).some(value => value !== undefined);
}
