import { NotFoundError } from '@backstage/errors';
import { z } from 'zod';
import { findArgoCd } from './applications';
import { parameters } from './parameters';
import { defineScenario } from './types';

/** Argo CD no longer lets the portal sync. */
export const permissionDenied = defineScenario({
  name: 'permission-denied',
  title: 'Argo CD refuses the portal',
  description:
    "An operator of Argo CD takes the right to sync a project from the portal's account. Look at an application of that project: syncing it is refused, and the portal says that Argo CD does not let it, without the names of accounts and rules that Argo CD sends; reading goes on.",
  parameters: z.strictObject({
    instance: parameters.instance,
    project: z
      .string()
      .optional()
      .describe(
        'AppProject; the one that most services of the platform are in when absent',
      ),
    seconds: parameters.seconds(0),
  }),
  undo: z.object({ instance: z.enum(['microservices', 'n9']) }),
  run: async ({ context, parameters: { instance, project, seconds } }) => {
    const known = context.model.domains
      .filter(domain => domain.platform === instance)
      .map(({ name }) => name);
    const denied = project ?? known[0];
    if (!known.includes(denied)) {
      throw new NotFoundError(
        `field 'project': there is no project '${denied}' in ${instance}; there are ${known.join(
          ', ',
        )}`,
      );
    }
    findArgoCd(context, instance).faults.extendPolicy([
      `p, role:portal-act, applications, sync, ${denied}/*, deny`,
    ]);
    return {
      message: `The account portal-act may no longer sync project ${denied} of Argo CD ${instance}.`,
      undo: { instance },
      restoreAfterSeconds: seconds || undefined,
    };
  },
  restore: async ({ context, undo: { instance } }) => {
    findArgoCd(context, instance).faults.extendPolicy([]);
  },
});
