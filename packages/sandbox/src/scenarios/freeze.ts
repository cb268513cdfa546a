import { DateTime } from 'luxon';
import { z } from 'zod';
import { parseDocument } from 'yaml';
import { projectPath } from '../content';
import { findPerson, findPlatform } from '../model';
import { changeFile, gitUndo, revertFile } from './gitChange';
import type { GitUndo } from './gitChange';
import { parameters } from './parameters';
import { defineScenario } from './types';

/** Production is closed for a while. */
export const freeze = defineScenario({
  name: 'freeze',
  title: 'Production is frozen',
  description:
    'The platform engineers close production with a sync window in every AppProject of one platform. Look at a deployment in production: syncing it is refused because of the freeze, with the time at which it ends; other environments are untouched.',
  parameters: z.strictObject({
    instance: parameters.instance,
    minutes: z
      .number()
      .int()
      .min(1)
      .max(7 * 24 * 60)
      .default(60)
      .describe('How long it lasts, in real minutes'),
    manualSync: z
      .boolean()
      .default(false)
      .describe('Whether people may sync all the same'),
  }),
  undo: z.object({ files: z.array(gitUndo) }),
  run: async ({ context, parameters: { instance, minutes, manualSync } }) => {
    const { model } = context;
    const platform = findPlatform(model, instance);
    const now = DateTime.fromJSDate(context.clock.now(), { zone: 'UTC' });
    const clusters = platform.environments
      .filter(({ id }) => id === 'production')
      .map(({ cluster }) => cluster.name);
    const window = {
      kind: 'deny',
      description: 'Freeze',
      // Once: at this minute of this day of this month.
      schedule: `${now.minute} ${now.hour} ${now.day} ${now.month} *`,
      duration: `${minutes}m`,
      timeZone: 'UTC',
      clusters,
      ...(manualSync ? { manualSync } : {}),
    };
    const holding = new Set(
      model.services
        .filter(service => service.platform === instance)
        .map(service => service.domain),
    );
    const files: GitUndo[] = [];
    for (const project of holding) {
      const { undo } = await changeFile({
        context,
        repository: platform.repository,
        path: projectPath(platform, project),
        author: findPerson(model, 'aiko.tanaka'),
        title: `Freeze production of ${project}`,
        change: before => {
          const document = parseDocument(before);
          const windows = document.toJS().spec.syncWindows ?? [];
          document.setIn(
            ['spec', 'syncWindows'],
            document.createNode([...windows, window]),
          );
          return document.toString({ lineWidth: 0 });
        },
      });
      files.push(undo);
    }
    const end = now.startOf('minute').plus({ minutes }).toFormat('HH:mm');
    return {
      message: `Production of ${instance} is frozen until ${end} UTC${
        manualSync ? '; people may still sync' : ''
      }.`,
      undo: { files },
    };
  },
  restore: async ({ context, undo: { files } }) => {
    for (const undo of files) await revertFile({ context, undo });
  },
});
