import { z } from 'zod';
import { findArgoCd } from './applications';
import { parameters } from './parameters';
import { defineScenario } from './types';

const instanceUndo = z.object({ instance: z.enum(['microservices', 'n9']) });

/** Argo CD is gone. */
export const argocdDown = defineScenario({
  name: 'argocd-down',
  title: 'Argo CD is down',
  description:
    'The server of one Argo CD refuses connections. Look at the deployments page: what was known stays visible and is marked stale, with the reason and since when; the other platform is untouched.',
  parameters: z.strictObject({
    instance: parameters.instance,
    seconds: parameters.seconds(60),
  }),
  undo: instanceUndo,
  run: async ({ context, parameters: { instance, seconds } }) => {
    await findArgoCd(context, instance).faults.setDown(true);
    return {
      message: `Argo CD ${instance} refuses connections${until(seconds)}.`,
      undo: { instance },
      restoreAfterSeconds: seconds || undefined,
    };
  },
  restore: async ({ context, undo: { instance } }) => {
    await findArgoCd(context, instance).faults.setDown(false);
  },
});

/** Argo CD answers late. */
export const argocdSlow = defineScenario({
  name: 'argocd-slow',
  title: 'Argo CD is slow',
  description:
    'Every answer of one Argo CD comes late. Look at the deployments page: it loads as fast as before, because no page waits for Argo CD; actions take longer and say so.',
  parameters: z.strictObject({
    instance: parameters.instance,
    milliseconds: z
      .number()
      .int()
      .min(1)
      .max(120_000)
      .default(3000)
      .describe('How late, in real milliseconds'),
    seconds: parameters.seconds(120),
  }),
  undo: instanceUndo,
  run: async ({ context, parameters: { instance, milliseconds, seconds } }) => {
    findArgoCd(context, instance).faults.setDelay(milliseconds);
    return {
      message: `Argo CD ${instance} answers ${milliseconds} ms late${until(
        seconds,
      )}.`,
      undo: { instance },
      restoreAfterSeconds: seconds || undefined,
    };
  },
  restore: async ({ context, undo: { instance } }) => {
    findArgoCd(context, instance).faults.setDelay(0);
  },
});

/** The portal's token no longer works. */
export const tokenExpired = defineScenario({
  name: 'token-expired',
  title: "The portal's token expires",
  description:
    'Every token of one Argo CD is refused as expired, and its streams end once. Look at the deployments page: the platform is stale, and the reason says that the token is refused.',
  parameters: z.strictObject({
    instance: parameters.instance,
    seconds: parameters.seconds(0),
  }),
  undo: instanceUndo,
  run: async ({ context, parameters: { instance, seconds } }) => {
    const { faults } = findArgoCd(context, instance);
    faults.expireTokens();
    // A stream outlives the token it was opened with; its next connection is
    // what gets to know. A real one breaks off sooner or later.
    faults.cutStreams({ forSeconds: 0 });
    return {
      message: `Argo CD ${instance} refuses every token as expired${until(
        seconds,
      )}.`,
      undo: { instance },
      restoreAfterSeconds: seconds || undefined,
    };
  },
  restore: async ({ context, undo: { instance } }) => {
    findArgoCd(context, instance).faults.renewTokens();
  },
});

/** The event stream breaks off. */
export const streamCut = defineScenario({
  name: 'stream-cut',
  title: 'The event stream is cut',
  description:
    'Argo CD ends its event streams and takes no new ones for a while, as a proxy without a backend does. Push something meanwhile: the portal says that it is behind, and catches up when the stream is back.',
  parameters: z.strictObject({
    instance: parameters.instance,
    seconds: z
      .number()
      .min(0)
      .max(3600)
      .default(30)
      .describe('Real seconds without streams; 0 cuts once'),
  }),
  undo: instanceUndo,
  run: async ({ context, parameters: { instance, seconds } }) => {
    findArgoCd(context, instance).faults.cutStreams({ forSeconds: seconds });
    return {
      message: `The event streams of Argo CD ${instance} were cut${
        seconds ? `; new ones are refused for ${seconds} s` : ''
      }.`,
      undo: { instance },
    };
  },
  restore: async ({ context, undo: { instance } }) => {
    findArgoCd(context, instance).faults.cutStreams({ forSeconds: 0 });
  },
});

function until(seconds: number): string {
  return seconds > 0
    ? ` for ${seconds} simulated seconds`
    : ' until the scenario restore';
}
