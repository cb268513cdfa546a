import { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_ARGOCD_APP_NAME,
  ANNOTATION_ARGOCD_APP_NAMESPACE,
  ANNOTATION_ARGOCD_APP_SELECTOR,
  ANNOTATION_ARGOCD_INSTANCE_NAME,
  ANNOTATION_ARGOCD_PROJECT_NAME,
} from '@slipway/plugin-delivery-common';
import { isDeliveryAvailable } from './filter';

function entity(type: string, annotation?: string, kind = 'Component'): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name: 'checkout',
      annotations: annotation ? { [annotation]: 'x' } : {},
    },
    spec: { type },
  };
}

describe('isDeliveryAvailable', () => {
  it.each(['service', 'website'])('is so for each %s', type => {
    expect(isDeliveryAvailable(entity(type))).toBe(true);
  });

  it.each([
    ANNOTATION_ARGOCD_APP_NAME,
    ANNOTATION_ARGOCD_APP_NAMESPACE,
    ANNOTATION_ARGOCD_APP_SELECTOR,
    ANNOTATION_ARGOCD_INSTANCE_NAME,
    ANNOTATION_ARGOCD_PROJECT_NAME,
  ])('is so for a library with the annotation %s', annotation => {
    expect(isDeliveryAvailable(entity('library', annotation))).toBe(true);
  });

  it('is not so for other components, nor for other kinds', () => {
    expect(isDeliveryAvailable(entity('library'))).toBe(false);
    expect(
      isDeliveryAvailable(entity('service', ANNOTATION_ARGOCD_APP_NAME, 'API')),
    ).toBe(false);
  });
});
