import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import {
  ApplicationAddress,
  ApplicationCommands,
  LiveApplication,
  SyncCommand,
  SyncWindowVerdict,
  UpstreamCommandError,
} from '@slipway/plugin-delivery-node';
import { DateTime } from 'luxon';
import { ActingClient, ActOptions } from '../argocd/ActingClient';
import { ApplicationAddress as RequestAddress } from '../argocd/applicationQuery';
import { ArgoCdClient } from '../argocd/ArgoCdClient';
import { isArgoCdError } from '../argocd/ArgoCdError';
import { WireApplication, WireProjectWindow } from '../argocd/wire';
import { InstanceContext } from '../domain/applicationSummary';
import { toLiveApplication } from '../domain/liveApplication';
import { syncRequest } from '../domain/syncRequest';
import { toVerdict } from '../domain/syncWindows/toVerdict';
import { ActAccountProbe } from './ActAccountProbe';
import { refreshGoesOn } from './refreshGoesOn';
import { CommandKind, toCommandError } from './toCommandError';

/**
 * Acts on the applications of one Argo CD instance.
 *
 * Two credentials are at work. What changes something (refresh, sync,
 * terminate) goes out with the acting one; what a decision is made on is read
 * with the reading one. Each is then sent as seldom as it can be, the account
 * that acts need not be able to read projects, and whoever looks into Argo CD's
 * own log sees that everything under the acting account was asked for by a
 * person.
 */
export class ArgoCdCommands implements ApplicationCommands {
  static create(options: {
    context: InstanceContext;
    reading: ArgoCdClient;
    acting: ActingClient;
    probe: ActAccountProbe;
    logger: LoggerService;
  }): ArgoCdCommands {
    return new ArgoCdCommands(options);
  }

  readonly #context: InstanceContext;
  readonly #reading: ArgoCdClient;
  readonly #acting: ActingClient;
  readonly #probe: ActAccountProbe;
  readonly #logger: LoggerService;

  private constructor(options: {
    context: InstanceContext;
    reading: ArgoCdClient;
    acting: ActingClient;
    probe: ActAccountProbe;
    logger: LoggerService;
  }) {
    this.#context = options.context;
    this.#reading = options.reading;
    this.#acting = options.acting;
    this.#probe = options.probe;
    this.#logger = options.logger;
  }

  /** Closes every connection at once. */
  async close(): Promise<void> {
    this.#probe.stop();
    await Promise.all([this.#reading.close(), this.#acting.close()]);
  }

  async read(
    options: ApplicationAddress & { signal: AbortSignal },
  ): Promise<LiveApplication> {
    const { signal } = options;
    const address = this.#address(options);
    this.#probe.about(address);
    const observedAt = DateTime.utc().toISO();
    const application = await this.#readNow(address, signal);
    return toLiveApplication({
      application,
      context: this.#context,
      observedAt,
    });
  }

  async refresh(
    options: ApplicationAddress & { hard: boolean; signal: AbortSignal },
  ): Promise<{ done: boolean }> {
    const { hard, signal } = options;
    const address = this.#address(options);
    let sent = false;
    try {
      await this.#acting.refresh({
        ...address,
        hard,
        onSent: () => {
          sent = true;
        },
        signal,
      });
      return { done: true };
    } catch (error) {
      if (isArgoCdError(error) && refreshGoesOn({ error, sent })) {
        return { done: false };
      }
      throw this.#explain({ error, command: 'refresh', sent, signal });
    }
  }

  async sync(
    options: ApplicationAddress & {
      command: SyncCommand;
      signal: AbortSignal;
    },
  ): Promise<void> {
    const { command, signal } = options;
    const address = this.#address(options);
    const request = syncRequest({
      namespace: address.namespace,
      project: address.project,
      command,
      ownSyncOptions:
        command.extraSyncOptions.length > 0
          ? await this.#ownSyncOptions(address, signal)
          : [],
    });
    await this.#act('sync', options, act =>
      this.#acting.sync({ ...act, request }),
    );
  }

  async terminate(
    options: ApplicationAddress & { signal: AbortSignal },
  ): Promise<void> {
    await this.#act('terminate', options, act => this.#acting.terminate(act));
  }

  async syncWindows(
    options: ApplicationAddress & { now: string; signal: AbortSignal },
  ): Promise<SyncWindowVerdict> {
    const { signal } = options;
    const address = this.#address(options);
    try {
      const answer = await this.#reading.syncWindows({ ...address, signal });
      return toVerdict({
        answer,
        ofProject:
          answer.assignedWindows.length > 0
            ? await this.#projectWindows(address.project, signal)
            : [],
        now: DateTime.fromISO(options.now, { zone: 'utc' }),
      });
    } catch (error) {
      throw this.#explain({ error, command: 'read', sent: true, signal });
    }
  }

  /** The account may not be allowed to read projects: then less is known. */
  async #projectWindows(
    project: string,
    signal: AbortSignal,
  ): Promise<WireProjectWindow[] | undefined> {
    try {
      return await this.#reading.projectWindows({ project, signal });
    } catch (error) {
      if (isArgoCdError(error)) {
        return undefined;
      }
      throw error;
    }
  }

  async #ownSyncOptions(
    address: Required<RequestAddress>,
    signal: AbortSignal,
  ): Promise<string[]> {
    const { spec } = await this.#readNow(address, signal);
    return spec?.syncPolicy?.syncOptions ?? [];
  }

  async #readNow(
    address: Required<RequestAddress>,
    signal: AbortSignal,
  ): Promise<WireApplication> {
    try {
      return await this.#reading.getApplication({ ...address, signal });
    } catch (error) {
      throw this.#explain({ error, command: 'read', sent: true, signal });
    }
  }

  async #act(
    command: CommandKind,
    options: ApplicationAddress & { signal: AbortSignal },
    send: (act: ActOptions) => Promise<void>,
  ): Promise<void> {
    const { signal } = options;
    const address = this.#address(options);
    let sent = false;
    try {
      await send({
        ...address,
        onSent: () => {
          sent = true;
        },
        signal,
      });
    } catch (error) {
      throw this.#explain({ error, command, sent, signal });
    }
  }

  /**
   * The names as they go into a request. All of them are sent: without its
   * namespace another application of the name would be meant, and without its
   * project a missing one could not be told from a forbidden one.
   */
  #address(options: ApplicationAddress): Required<RequestAddress> {
    const { id, project } = options;
    if (id.instance !== this.#context.instance) {
      throw new UpstreamCommandError({
        kind: 'invalid',
        message:
          'Nothing was sent to Argo CD: the application is one of another instance.',
        mayHaveHappened: false,
      });
    }
    const address = { name: id.name, namespace: id.namespace, project };
    for (const [what, value] of Object.entries(address)) {
      if (value === '' || value.length > 253 || /[\p{Cc}\p{Cs}]/u.test(value)) {
        throw new UpstreamCommandError({
          kind: 'invalid',
          message: `Nothing was sent to Argo CD: the ${what} of the application is not a name.`,
          mayHaveHappened: false,
        });
      }
    }
    return address;
  }

  #explain(options: {
    error: unknown;
    command: CommandKind;
    sent: boolean;
    signal: AbortSignal;
  }): unknown {
    const { error, command, signal } = options;
    if (signal.aborted && error === signal.reason) {
      return error;
    }
    if (isArgoCdError(error)) {
      this.#logger.info(`Could not ${command}: ${error.message}`);
    } else {
      this.#logger.error(`Could not ${command}`, toError(error));
    }
    return toCommandError(options);
  }
}
