import { z } from 'zod';
import { nextPatch } from '../model';
import { authorOf, findPlace, whatFollows } from './applications';
import { changeTag, gitUndo, revertFile } from './gitChange';
import { parameters } from './parameters';
import { defineScenario } from './types';

/** A release whose pods never become ready. */
export const badImage = defineScenario({
  name: 'bad-image',
  title: 'A broken release is pushed',
  description:
    'The owning team pushes an image whose pods never become ready. Look at the deployment: it is Progressing, then Degraded once the progress deadline of two minutes has passed, while the old pods keep serving. The migration of pricing or n9-api fails before that, and the sync with it.',
  parameters: z.strictObject({
    service: parameters.service('checkout'),
    environment: parameters.environment.default('staging'),
  }),
  undo: gitUndo,
  run: async ({ context, parameters: { service, environment } }) => {
    const place = findPlace({ model: context.model, service, environment });
    const author = authorOf(context.model, place.service);
    const { undo, commit, tag } = await changeTag({
      context,
      place,
      author,
      tagAfter: current => `${nextPatch(current)}-broken`,
    });
    return {
      message: `${
        author.displayName
      } released ${service} ${tag} to ${environment} (commit ${commit.slice(
        0,
        8,
      )}); its pods never become ready. ${whatFollows(place)}`,
      undo,
    };
  },
  restore: revertFile,
});
