import { isError } from '@backstage/errors';
import { z } from 'zod';
import { applicationPath } from '../content';
import {
  authorOf,
  findApplication,
  findArgoCd,
  identityOf,
} from './applications';
import { changeFile, gitUndo, revertFile } from './gitChange';
import { parameters } from './parameters';
import { defineScenario } from './types';

/** A service is taken out of an environment. */
export const applicationDeleted = defineScenario({
  name: 'application-deleted',
  title: 'An application is deleted',
  description:
    "The file of an application leaves Git, and the application leaves Argo CD. Look at the service: the environment's cell says that it is not deployed there, and its history stays.",
  parameters: z.strictObject({
    application: parameters.application('review-staging'),
  }),
  undo: gitUndo,
  run: async ({ context, parameters: { application } }) => {
    const place = findApplication({ model: context.model, application });
    const argocd = findArgoCd(context, place.platform.id);
    const identity = identityOf(argocd, application);
    const { undo } = await changeFile({
      context,
      repository: place.platform.repository,
      path: applicationPath(place.service, place.environment),
      author: authorOf(context.model, place.service),
      title: `Take ${place.service.name} out of ${place.environment.id}`,
      change: () => undefined,
    });
    try {
      await argocd.deleteApplication(identity);
    } catch (error) {
      // The push may have pruned it first, which is just as well.
      if (!isError(error) || error.name !== 'NotFoundError') {
        throw error;
      }
    }
    return { message: `${application} was deleted.`, undo };
  },
  restore: revertFile,
});
