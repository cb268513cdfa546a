import { Entity } from '@backstage/catalog-model';
import {
  FilterPredicate,
  filterPredicateToFilterFunction,
} from '@backstage/filter-predicates';

/**
 * The entities that have deployments: services and websites, which run somewhere
 * by what they are, and every other Component that points at Argo CD. A
 * predicate, so that an app can replace it in its configuration.
 */
export const deliveryEntityFilter: FilterPredicate = {
  $all: [
    { kind: 'component' },
    {
      $any: [
        { 'spec.type': { $in: ['service', 'website'] } },
        { 'metadata.annotations.argocd/app-name': { $exists: true } },
        { 'metadata.annotations.argocd/app-selector': { $exists: true } },
        { 'metadata.annotations.argocd/app-namespace': { $exists: true } },
        { 'metadata.annotations.argocd/project-name': { $exists: true } },
        { 'metadata.annotations.argocd/instance-name': { $exists: true } },
      ],
    },
  ],
};

const matches = filterPredicateToFilterFunction(deliveryEntityFilter);

/**
 * Whether an entity has deployments: services and websites, and every other
 * Component with an `argocd/*` annotation.
 *
 * @public
 */
export function isDeliveryAvailable(entity: Entity): boolean {
  return matches(entity);
}
