import { Entity } from '@backstage/catalog-model';
import {
  FilterPredicate,
  filterPredicateToFilterFunction,
} from '@backstage/filter-predicates';
import {
  ANNOTATION_ARGOCD_APP_NAME,
  ANNOTATION_ARGOCD_APP_NAMESPACE,
  ANNOTATION_ARGOCD_APP_SELECTOR,
  ANNOTATION_ARGOCD_INSTANCE_NAME,
  ANNOTATION_ARGOCD_PROJECT_NAME,
} from '@slipway/plugin-delivery-common';

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
        ...[
          ANNOTATION_ARGOCD_APP_NAME,
          ANNOTATION_ARGOCD_APP_SELECTOR,
          ANNOTATION_ARGOCD_APP_NAMESPACE,
          ANNOTATION_ARGOCD_PROJECT_NAME,
          ANNOTATION_ARGOCD_INSTANCE_NAME,
        ].map(annotation => ({
          [`metadata.annotations.${annotation}`]: { $exists: true as const },
        })),
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
