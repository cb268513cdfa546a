import { z } from 'zod';
import { applicationName } from '../model';
import { findApplication, findArgoCd, identityOf } from './applications';
import { parameters } from './parameters';
import { defineScenario } from './types';

/** Somebody edits a live object by hand. */
export const drift = defineScenario({
  name: 'drift',
  title: 'Somebody edits the cluster by hand',
  description:
    'The log level in the live ConfigMap is set to trace with kubectl, not in Git. Look at the deployment: it is OutOfSync although nobody released anything. Where Argo CD may heal by itself, it puts the old value back after a moment; in production nobody does.',
  parameters: z.strictObject({
    application: parameters.application('payment-production'),
  }),
  undo: z.object({ application: z.string() }),
  run: async ({ context, parameters: { application } }) => {
    const place = findApplication({ model: context.model, application });
    const argocd = findArgoCd(context, place.platform.id);
    await argocd.drift({
      ...identityOf(argocd, application),
      resource: { kind: 'ConfigMap', name: `${place.service.name}-config` },
      patch: { data: { LOG_LEVEL: 'trace' } },
    });
    const { policy } = place.environment;
    return {
      message: `LOG_LEVEL of ${application} is trace in the cluster. ${
        policy.automatic && policy.selfHeal
          ? 'Argo CD puts the value from Git back.'
          : 'It stays OutOfSync until somebody syncs.'
      }`,
      undo: { application: applicationName(place.service, place.environment) },
    };
  },
  restore: async ({ context, undo: { application } }) => {
    const place = findApplication({ model: context.model, application });
    const isDevelopment = place.environment.id === 'development';
    const argocd = findArgoCd(context, place.platform.id);
    await argocd.drift({
      ...identityOf(argocd, application),
      resource: { kind: 'ConfigMap', name: `${place.service.name}-config` },
      patch: { data: { LOG_LEVEL: isDevelopment ? 'debug' : 'info' } },
    });
  },
});
