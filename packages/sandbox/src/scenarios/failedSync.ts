import { z } from 'zod';
import { nextPatch } from '../model';
import {
  authorOf,
  findApplication,
  findArgoCd,
  identityOf,
  whatFollows,
} from './applications';
import { changeTag, gitUndo, revertFile } from './gitChange';
import { parameters } from './parameters';
import { defineScenario } from './types';

/** A sync that the cluster refuses. */
export const failedSync = defineScenario({
  name: 'failed-sync',
  title: 'A sync fails',
  description:
    'A release is pushed, and the cluster refuses to apply it. Look at the deployment: the operation is Failed with the message of the cluster, the application stays OutOfSync, and the old version keeps serving.',
  parameters: z.strictObject({
    application: parameters.application('order-staging'),
    message: z
      .string()
      .min(1)
      .max(500)
      .default(
        'one or more objects failed to apply, reason: admission webhook "policy.slipway.example" denied the request: image is not signed',
      )
      .describe('What the cluster answers'),
  }),
  undo: gitUndo,
  run: async ({ context, parameters: { application, message } }) => {
    const place = findApplication({ model: context.model, application });
    const argocd = findArgoCd(context, place.platform.id);
    argocd.failNextSync({
      ...identityOf(argocd, application),
      message,
    });
    const { undo, tag } = await changeTag({
      context,
      place,
      author: authorOf(context.model, place.service),
      tagAfter: nextPatch,
    });
    return {
      message: `${
        place.service.name
      } ${tag} was pushed, and the next sync of ${application} fails. ${whatFollows(
        place,
      )}`,
      undo,
    };
  },
  restore: revertFile,
});
