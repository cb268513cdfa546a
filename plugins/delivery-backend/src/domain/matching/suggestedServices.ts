import {
  ANNOTATION_ENTITY_REF,
  Binding,
} from '@slipway/plugin-delivery-common';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { EnvironmentNames, splitEnvironmentSuffix } from './environmentOf';
import { ServiceIndex } from './ServiceIndex';

/** Services that an application may be of, with what says so. */
export type FoundServices = { entityRef: string; binding: Binding }[];

/**
 * The services that are suggested for an application: those whose own annotations
 * claim it, else the one service of its name without its environment.
 *
 * Annotations are written by a service's developers, and a name anybody can
 * choose, so a suggestion alone never binds. Where the configuration names the
 * owner of the application, the suggested services of that owner are bound, and
 * all others lose their claim. If there is none of that owner, the claims of
 * others stay visible as what they are: nothing but a claim.
 *
 * No reason names the application, the owner or other claimants: whoever may only
 * claim is told nothing of what they claim.
 */
export function suggestedServices(options: {
  application: ObservedApplication;
  services: ServiceIndex;
  names: EnvironmentNames;
  /** Who owns the application, as far as the configuration says. */
  owner: string | undefined;
}): FoundServices | { reason: string } {
  const { application, services, names, owner } = options;
  const { name } = application.id;
  const base = splitEnvironmentSuffix(name, names)?.rest || name;
  const claiming = services.claiming(application);
  const named = services.named(base).sort();

  if (owner !== undefined) {
    const isOwned = (entityRef: string) =>
      services.get(entityRef)?.owners.includes(owner) ?? false;
    const claimed = claiming.filter(isOwned);
    const rightful =
      claimed.length > 0 ? claimed : onlyOne(named.filter(isOwned));
    if (rightful.length > 0) {
      return rightful.map(entityRef => ({
        entityRef,
        binding: { state: 'bound', by: 'configuration' },
      }));
    }
  }

  const suggested = claiming.length > 0 ? claiming : onlyOne(named);
  if (suggested.length === 0) {
    return {
      reason:
        named.length > 1
          ? `Application ${name} could belong to ${named.join(' or ')}.`
          : `Nothing says which service application ${name} belongs to.`,
    };
  }
  return suggested.map(entityRef => ({
    entityRef,
    binding: {
      state: 'unbound',
      reason:
        owner === undefined
          ? notSaid({ entityRef, byAnnotation: claiming.length > 0 })
          : 'The portal is configured to take this application for one of another owner than this service has, so nothing but status is shown. If that is wrong, ask whoever runs the portal to correct delivery.bindings.',
    },
  }));
}

/** Of several of one name nobody can say which it is. */
function onlyOne(refs: string[]): string[] {
  return refs.length === 1 ? refs : [];
}

function notSaid(options: {
  entityRef: string;
  byAnnotation: boolean;
}): string {
  const { entityRef, byAnnotation } = options;
  return `Only ${
    byAnnotation
      ? 'the annotations of the service itself say that it is deployed there'
      : 'the name of an Argo CD application suggests that it is deployed there'
  }, not the platform, so nothing but status is shown. To bind it, whoever runs Argo CD annotates the application with '${ANNOTATION_ENTITY_REF}: ${entityRef}', or whoever runs the portal names the owner of its AppProject or namespace in delivery.bindings.`;
}
