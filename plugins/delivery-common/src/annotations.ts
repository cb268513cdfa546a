/**
 * Annotation on a catalog entity: the name of its Argo CD application. Read as a
 * suggestion only, because a service's developers write it.
 *
 * @public
 */
export const ANNOTATION_ARGOCD_APP_NAME = 'argocd/app-name';

/**
 * Annotation on a catalog entity: a Kubernetes label selector that finds its
 * Argo CD applications in every environment.
 *
 * @public
 */
export const ANNOTATION_ARGOCD_APP_SELECTOR = 'argocd/app-selector';

/**
 * Annotation on a catalog entity: the namespace its Argo CD applications live
 * in (apps-in-any-namespace). Absent means any.
 *
 * @public
 */
export const ANNOTATION_ARGOCD_APP_NAMESPACE = 'argocd/app-namespace';

/**
 * Annotation on a catalog entity: the Argo CD project of its applications.
 *
 * @public
 */
export const ANNOTATION_ARGOCD_PROJECT_NAME = 'argocd/project-name';

/**
 * Annotation on a catalog entity: comma-separated names of the Argo CD
 * instances to look in. Absent means every instance.
 *
 * @public
 */
export const ANNOTATION_ARGOCD_INSTANCE_NAME = 'argocd/instance-name';

/**
 * Annotation on an Argo CD Application, set by the platform: the catalog entity
 * that it deploys. This is what makes a deployment `bound`.
 *
 * @public
 */
export const ANNOTATION_ENTITY_REF = 'backstage.io/entity-ref';

/**
 * Annotation on an Argo CD Application or a catalog entity: the environment it
 * belongs to, where names and namespaces do not say it.
 *
 * @public
 */
export const ANNOTATION_ENVIRONMENT = 'slipway.dev/environment';

/**
 * Annotation on a catalog entity: the id of the chain it is promoted along,
 * where the configured rules do not say it.
 *
 * @public
 */
export const ANNOTATION_CHAIN = 'slipway.dev/chain';

/**
 * Annotation on a catalog entity: the sync wave it is deployed in, a whole
 * number as a string ("Sync Waves Strategy" of the microservices platform).
 *
 * @public
 */
export const ANNOTATION_SYNC_WAVE = 'slipway.dev/sync-wave';

/**
 * Annotation of Argo CD that orders applications and resources in a sync.
 *
 * @public
 */
export const ANNOTATION_ARGOCD_SYNC_WAVE = 'argocd.argoproj.io/sync-wave';
