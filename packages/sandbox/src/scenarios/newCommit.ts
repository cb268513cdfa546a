import { z } from 'zod';
import { nextPatch } from '../model';
import { authorOf, findPlace, whatFollows } from './applications';
import { changeTag, gitUndo, revertFile } from './gitChange';
import { parameters } from './parameters';
import { defineScenario } from './types';

/** A team releases the next version of its service. */
export const newCommit = defineScenario({
  name: 'new-commit',
  title: 'A new release is pushed',
  description:
    "A developer of the owning team pushes the next image tag of a service. Look at the service's cell on the deployments page: the wanted version changes at once, the running one follows when the new pods are ready.",
  parameters: z.strictObject({
    service: parameters.service('checkout'),
    environment: parameters.environment.optional(),
    tag: z
      .string()
      .regex(/^[\w][\w.-]{0,127}$/, 'must be a valid image tag, like v1.4.2')
      .optional()
      .describe('Image tag; the next patch version when absent'),
  }),
  undo: gitUndo,
  run: async ({
    context,
    parameters: { service, environment, tag: wanted },
  }) => {
    const place = findPlace({ model: context.model, service, environment });
    const author = authorOf(context.model, place.service);
    const { undo, commit, tag } = await changeTag({
      context,
      place,
      author,
      tagAfter: current => wanted ?? nextPatch(current),
    });
    return {
      message: `${author.displayName} released ${service} ${tag} to ${
        place.environment.id
      } (commit ${commit.slice(0, 8)}). ${whatFollows(place)}`,
      undo,
    };
  },
  restore: revertFile,
});
