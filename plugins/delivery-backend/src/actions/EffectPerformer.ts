import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ApplicationAddress,
  ApplicationCommands,
  ApplicationUpstream,
  SyncWindowVerdict,
} from '@slipway/plugin-delivery-node';
import { ActionRecord } from '../domain/actions/ActionRecord';
import { Effect, EffectResult, World } from '../domain/actions/steps';
import { UpstreamFault } from '../domain/actions/upstreamErrors';
import { RevertWriter } from '../gitops/RevertWriter';
import { faultOf } from './upstreamFault';

/** How long each thing may take: milliseconds. */
export type EffectLimits = {
  read: number;
  /** Shorter than the grace in which a lost effect may still come to pass. */
  command: number;
  refresh: number;
  commit: number;
};

/** The options of {@link EffectPerformer}. */
export type EffectPerformerOptions = {
  upstreams: ReadonlyMap<string, Pick<ApplicationUpstream, 'commands'>>;
  revertWriter: RevertWriter;
  logger: LoggerService;
  limits: EffectLimits;
};

/** The upstream is no longer there, or is only read from by now. */
const NO_COMMANDS: UpstreamFault = {
  kind: 'forbidden',
  message:
    'The portal has no credential any more with which it could act there.',
  mayHaveHappened: false,
};

/** The hands and eyes of the reconciler: looks at the world, and acts on it. */
export class EffectPerformer {
  readonly #options: EffectPerformerOptions;

  static create(options: EffectPerformerOptions): EffectPerformer {
    return new EffectPerformer(options);
  }

  private constructor(options: EffectPerformerOptions) {
    this.#options = options;
  }

  /** Looks at the application of an action. Rejects only when told to stop. */
  async look(options: {
    record: ActionRecord;
    now: string;
    signal: AbortSignal;
  }): Promise<World> {
    const { record, now, signal } = options;
    const commands = this.#commandsOf(record);
    if (!commands) {
      return { now, fault: NO_COMMANDS };
    }
    try {
      const live = await commands.read({
        ...addressOf(record),
        signal: this.#within(this.#options.limits.read, signal),
      });
      return { now, live };
    } catch (error) {
      return { now, fault: this.#faultOf(error, record, signal) };
    }
  }

  /** Asks for an effect. Rejects only when told to stop. */
  async perform(options: {
    record: ActionRecord;
    effect: Effect;
    now: string;
    signal: AbortSignal;
  }): Promise<EffectResult> {
    const { record, effect, now, signal } = options;
    const commands = this.#commandsOf(record);
    if (!commands) {
      return { ok: false, fault: NO_COMMANDS };
    }
    try {
      return await this.#ask({ commands, record, effect, now, signal });
    } catch (error) {
      const fault = this.#faultOf(error, record, signal);
      const windows =
        fault.kind === 'blocked-by-sync-window'
          ? await this.#windows({ commands, record, now, signal })
          : undefined;
      return { ok: false, fault, ...(windows && { windows }) };
    }
  }

  async #ask(options: {
    commands: ApplicationCommands;
    record: ActionRecord;
    effect: Effect;
    now: string;
    signal: AbortSignal;
  }): Promise<EffectResult> {
    const { commands, record, effect, now } = options;
    const { limits } = this.#options;
    const address = addressOf(record);
    const within = (ms: number) => this.#within(ms, options.signal);
    switch (effect.name) {
      case 'refresh': {
        const { done } = await commands.refresh({
          ...address,
          hard: effect.hard,
          signal: within(limits.refresh),
        });
        return { ok: true, done };
      }
      case 'sync':
        await commands.sync({
          ...address,
          command: effect.command,
          signal: within(limits.command),
        });
        return { ok: true };
      case 'terminate':
        await commands.terminate({
          ...address,
          signal: within(limits.command),
        });
        return { ok: true };
      case 'commit': {
        const { revert } = record;
        if (!revert) {
          throw new TypeError('Only a revert makes a commit');
        }
        const commit = await this.#options.revertWriter.commit({
          ...revert.request,
          actionId: record.id,
          fingerprint: revert.fingerprint,
          subject: revert.subject,
          reason: record.reason,
          person: revert.person,
          now,
          signal: within(limits.commit),
        });
        return { ok: true, commit };
      }
      default:
        return effect satisfies never;
    }
  }

  /** A4: only asked for when a window is in the way, and no harm if it fails. */
  async #windows(options: {
    commands: ApplicationCommands;
    record: ActionRecord;
    now: string;
    signal: AbortSignal;
  }): Promise<SyncWindowVerdict | undefined> {
    const { commands, record, now, signal } = options;
    return commands
      .syncWindows({
        ...addressOf(record),
        now,
        signal: this.#within(this.#options.limits.read, signal),
      })
      .catch(() => undefined);
  }

  #commandsOf(record: ActionRecord): ApplicationCommands | undefined {
    return this.#options.upstreams.get(record.upstreamId)?.commands;
  }

  #faultOf(
    error: unknown,
    record: ActionRecord,
    signal: AbortSignal,
  ): UpstreamFault {
    signal.throwIfAborted();
    return faultOf(error, words =>
      this.#options.logger.error(
        `Action ${record.id} met an error that nobody foresaw: ${words}`,
      ),
    );
  }

  #within(ms: number, signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  }
}

function addressOf(record: ActionRecord): ApplicationAddress {
  return { id: record.applicationId, project: record.project };
}
