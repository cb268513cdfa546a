import {
  ANNOTATION_ARGOCD_APP_NAME,
  ANNOTATION_ARGOCD_APP_NAMESPACE,
  ANNOTATION_ARGOCD_APP_SELECTOR,
  ANNOTATION_ARGOCD_INSTANCE_NAME,
  ANNOTATION_ARGOCD_PROJECT_NAME,
} from '@slipway/plugin-delivery-common';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import {
  LabelRequirement,
  LabelSelectorError,
  matchesLabels,
  parseLabelSelector,
} from './labelSelector';
import { Service } from './types';

/** What a service's own annotations say of its applications. */
type Claim = {
  entityRef: string;
  appName?: string;
  selector?: LabelRequirement[];
  appNamespace?: string;
  project?: string;
  instances?: string[];
};

/**
 * Which services an application may belong to, found without looking at each:
 * with 5,000 services and 20,000 applications, comparing every pair would stop
 * the process for seconds each time that the catalog changes.
 *
 * A claim is filed under the one thing that an application must have to meet
 * it: the name, the value of one label, or the project. Only selectors without
 * any equality (`!legacy`) must be tried on every application.
 */
export class ServiceIndex {
  readonly #services = new Map<string, Service>();
  readonly #byName = new Map<string, Set<string>>();
  readonly #claims = new Map<string, Set<Claim>>();
  readonly #claimsOf = new Map<string, { claim: Claim; keys: string[] }>();
  readonly #faults = new Map<string, string>();

  /** Every service. */
  services(): IterableIterator<Service> {
    return this.#services.values();
  }

  get(entityRef: string): Service | undefined {
    return this.#services.get(entityRef);
  }

  /** What is wrong with the annotations of a service, as a sentence. */
  faultOf(entityRef: string): string | undefined {
    return this.#faults.get(entityRef);
  }

  /** Adds a service, or puts it in the place of the one with the same ref. */
  set(service: Service): void {
    this.delete(service.entityRef);
    this.#services.set(service.entityRef, service);
    add(this.#byName, service.name, service.entityRef);
    const claim = this.#readClaim(service);
    if (claim) {
      const keys = claimKeys(claim);
      this.#claimsOf.set(service.entityRef, { claim, keys });
      for (const key of keys) {
        add(this.#claims, key, claim);
      }
    }
  }

  delete(entityRef: string): void {
    const service = this.#services.get(entityRef);
    if (!service) {
      return;
    }
    this.#services.delete(entityRef);
    this.#faults.delete(entityRef);
    remove(this.#byName, service.name, entityRef);
    const filed = this.#claimsOf.get(entityRef);
    if (filed) {
      this.#claimsOf.delete(entityRef);
      for (const key of filed.keys) {
        remove(this.#claims, key, filed.claim);
      }
    }
  }

  /** The services of this name, in whatever namespace of the catalog. */
  named(name: string): string[] {
    return [...(this.#byName.get(name) ?? [])];
  }

  /** The services whose annotations claim the application, in a fixed order. */
  claiming(application: ObservedApplication): string[] {
    const found = new Set<string>();
    for (const key of applicationKeys(application)) {
      for (const claim of this.#claims.get(key) ?? []) {
        if (isMet(claim, application)) {
          found.add(claim.entityRef);
        }
      }
    }
    return [...found].sort();
  }

  /**
   * The keys under which a service finds its applications; `undefined` when it
   * claims none. See {@link applicationKeys}.
   */
  keysOf(entityRef: string): string[] {
    return this.#claimsOf.get(entityRef)?.keys ?? [];
  }

  #readClaim({ entityRef, annotations }: Service): Claim | undefined {
    const read = (name: string) => annotations[name]?.trim() || undefined;
    const appName = read(ANNOTATION_ARGOCD_APP_NAME);
    const selectorText = read(ANNOTATION_ARGOCD_APP_SELECTOR);
    const project = read(ANNOTATION_ARGOCD_PROJECT_NAME);
    let selector: LabelRequirement[] | undefined;
    if (selectorText !== undefined) {
      try {
        selector = parseLabelSelector(selectorText);
      } catch (error) {
        if (!(error instanceof LabelSelectorError)) {
          throw error;
        }
        this.#faults.set(
          entityRef,
          `The annotation ${ANNOTATION_ARGOCD_APP_SELECTOR} of ${entityRef} cannot be read: ${error.message}.`,
        );
      }
    }
    // A selector that cannot be read must not widen the claim to the project.
    if (selectorText !== undefined && !selector && appName === undefined) {
      return undefined;
    }
    if (appName === undefined && !selector && project === undefined) {
      return undefined;
    }
    const instances = read(ANNOTATION_ARGOCD_INSTANCE_NAME)
      ?.split(',')
      .map(instance => instance.trim())
      .filter(Boolean);
    return {
      entityRef,
      appName,
      selector,
      project,
      appNamespace: read(ANNOTATION_ARGOCD_APP_NAMESPACE),
      instances: instances?.length ? instances : undefined,
    };
  }
}

/**
 * Whether an application is what a service's annotations say. The plugins that
 * read the same annotations differ: one refuses a name beside a selector, the
 * other accepts a project alone; whatever one of them accepts holds here, and
 * of a name and a selector either finds the application.
 */
function isMet(claim: Claim, application: ObservedApplication): boolean {
  const { id, labels, project } = application;
  const within =
    (claim.instances === undefined || claim.instances.includes(id.instance)) &&
    (claim.appNamespace === undefined || claim.appNamespace === id.namespace) &&
    (claim.project === undefined || claim.project === project);
  if (!within) {
    return false;
  }
  if (claim.appName === undefined && claim.selector === undefined) {
    return true;
  }
  return (
    (claim.appName !== undefined && isNamed(claim.appName, application)) ||
    (claim.selector !== undefined && matchesLabels(claim.selector, labels))
  );
}

/**
 * `<namespace>_<name>` is what tracking ids hold for applications in any
 * namespace, and what catalog ingestors make of them.
 */
function isNamed(appName: string, { id }: ObservedApplication): boolean {
  return appName === id.name || appName === `${id.namespace}_${id.name}`;
}

/** Under what a claim is filed: an application that meets it has one of these. */
function claimKeys(claim: Claim): string[] {
  const keys: string[] = [];
  if (claim.appName !== undefined) {
    keys.push(`name:${claim.appName.split('_').pop()}`);
  }
  if (claim.selector) {
    const equality = claim.selector.find(({ operator }) => operator === 'in');
    const present = claim.selector.find(
      ({ operator }) => operator === 'exists',
    );
    if (equality?.operator === 'in') {
      keys.push(
        ...equality.values.map(value => `label:${equality.key}=${value}`),
      );
    } else if (present) {
      keys.push(`label:${present.key}`);
    } else {
      keys.push('any');
    }
  }
  if (claim.appName === undefined && !claim.selector) {
    keys.push(`project:${claim.project}`);
  }
  return keys;
}

/** Under what an application is found; see {@link claimKeys}. */
export function applicationKeys(application: ObservedApplication): string[] {
  return [
    'any',
    `name:${application.id.name}`,
    `project:${application.project}`,
    ...Object.entries(application.labels).flatMap(([label, value]) => [
      `label:${label}`,
      `label:${label}=${value}`,
    ]),
  ];
}

function add<T>(map: Map<string, Set<T>>, key: string, value: T): void {
  const set = map.get(key);
  if (set) {
    set.add(value);
  } else {
    map.set(key, new Set([value]));
  }
}

function remove<T>(map: Map<string, Set<T>>, key: string, value: T): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) {
    map.delete(key);
  }
}
