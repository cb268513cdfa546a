import {
  ANNOTATION_ARGOCD_APP_SELECTOR,
  ANNOTATION_ENTITY_REF,
} from '@slipway/plugin-delivery-common';

/** The name part of an entity ref. */
function nameOf(entityRef: string): string {
  return entityRef.slice(entityRef.indexOf('/') + 1);
}

/**
 * What to add to a service's `catalog-info.yaml` so that its applications are
 * found.
 */
export function entityAnnotationSnippet(entityRef: string): string {
  return [
    'metadata:',
    '  annotations:',
    `    ${ANNOTATION_ARGOCD_APP_SELECTOR}: app.kubernetes.io/name=${nameOf(
      entityRef,
    )}`,
  ].join('\n');
}

/**
 * What the platform adds to an Argo CD Application to say that it belongs to a
 * service. Quoted, because a ref holds a colon.
 */
export function applicationAnnotationSnippet(entityRef: string): string {
  return [
    'metadata:',
    '  annotations:',
    `    ${ANNOTATION_ENTITY_REF}: '${entityRef}'`,
  ].join('\n');
}
