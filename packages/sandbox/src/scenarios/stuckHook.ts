import { NotFoundError } from '@backstage/errors';
import { z } from 'zod';
import { hooksPath } from '../content';
import { nextPatch } from '../model';
import { authorOf, findApplication, whatFollows } from './applications';
import { changeTag, gitUndo, hasFile, revertFile } from './gitChange';
import { parameters } from './parameters';
import { defineScenario } from './types';

/** A migration that waits for a lock, and a sync that waits for it. */
export const stuckHook = defineScenario({
  name: 'stuck-hook',
  title: 'A migration never ends',
  description:
    'The owning team pushes a release whose database migration waits for a lock for ever. Look at the deployment: its operation stays Running with "waiting for completion of hook", and every other sync is refused, until somebody terminates it; the old pods keep serving. After that revert the release, or run restore.',
  parameters: z.strictObject({
    application: parameters.application('pricing-staging'),
  }),
  undo: gitUndo,
  run: async ({ context, parameters: { application } }) => {
    const place = findApplication({ model: context.model, application });
    const { service, platform } = place;
    const hasHooks = await hasFile({
      context,
      repository: platform.repository,
      path: `${hooksPath(service)}/migration.yaml`,
    });
    if (!hasHooks) {
      const known = context.model.services
        .filter(({ migrates }) => migrates)
        .map(({ name }) => name);
      throw new NotFoundError(
        `field 'application': ${
          service.name
        } has no migration; those that have one are ${known.join(
          ' and ',
        )}, in a sandbox that was started with --fresh since they have`,
      );
    }
    const { undo, tag } = await changeTag({
      context,
      place,
      author: authorOf(context.model, service),
      tagAfter: current => `${nextPatch(current)}-stuck`,
    });
    return {
      message: `${
        service.name
      } ${tag} was pushed, whose migration never ends. ${whatFollows(place)}`,
      undo,
    };
  },
  restore: revertFile,
});
