import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ApplicationUpstream,
  UpstreamRunOptions,
} from '@slipway/plugin-delivery-node';
import { ActingClient } from './argocd/ActingClient';
import { ArgoCdClient } from './argocd/ArgoCdClient';
import { createCredentials } from './argocd/createCredentials';
import { CredentialSource } from './argocd/credentials';
import { ActAccountProbe } from './commands/ActAccountProbe';
import { ArgoCdCommands } from './commands/ArgoCdCommands';
import { ArgoCdInstanceConfig } from './config';
import { ApplicationFollower } from './follower/ApplicationFollower';
import { DEFAULT_LIMITS, FollowerLimits } from './follower/limits';

/** Requests at once that commands read with, beside those of the follower. */
const COMMAND_READS = 8;

/**
 * How long a refresh is waited for, in milliseconds. A usual one takes a second
 * or two, one with hard rendering some more; it goes on without anybody waiting.
 */
const REFRESH_TIMEOUT = 20_000;

/** One configured Argo CD instance as an upstream of the delivery backend. */
export class ArgoCdUpstream implements ApplicationUpstream {
  static create(options: {
    config: ArgoCdInstanceConfig;
    logger: LoggerService;
    /** Other values than the defaults, for tests. */
    limits?: Partial<FollowerLimits>;
  }): ArgoCdUpstream {
    return new ArgoCdUpstream(options);
  }

  readonly id: string;
  readonly kind = 'argocd';
  readonly title: string;
  readonly instance: string;
  readonly commands?: ArgoCdCommands;
  readonly #config: ArgoCdInstanceConfig;
  readonly #credentials: CredentialSource;
  readonly #logger: LoggerService;
  readonly #limits: FollowerLimits;

  private constructor(options: {
    config: ArgoCdInstanceConfig;
    logger: LoggerService;
    limits?: Partial<FollowerLimits>;
  }) {
    const { config } = options;
    this.id = `argocd:${config.name}`;
    this.title = config.title;
    this.instance = config.name;
    this.#config = config;
    this.#logger = options.logger.child({ upstream: this.id });
    this.#limits = {
      ...DEFAULT_LIMITS,
      relist: config.relistInterval,
      ...options.limits,
    };
    this.#credentials = createCredentials({
      credential: config.credential,
      url: config.url,
      ca: config.ca,
      timeout: config.requestTimeout,
    });
    if (config.actToken !== undefined) {
      this.commands = this.#createCommands(config.actToken);
    }
  }

  /** Closes the connections of commands; the follower closes its own. */
  async close(): Promise<void> {
    await this.commands?.close();
  }

  async run(options: UpstreamRunOptions): Promise<void> {
    const config = this.#config;
    const client = this.#createReader(config.maxConcurrentRequests);
    try {
      await ApplicationFollower.create({
        client,
        context: { instance: config.name, pageUrl: config.pageUrl },
        limits: this.#limits,
        concurrency: config.maxConcurrentRequests,
        logger: this.#logger,
      }).run(options);
    } finally {
      await client.close();
    }
  }
  #createReader(maxConcurrentRequests: number): ArgoCdClient {
    const { url, ca, requestTimeout, actToken } = this.#config;
    return ArgoCdClient.create({
      url,
      ca,
      credentials: this.#credentials,
      requestTimeout,
      maxConcurrentRequests,
      secrets: actToken === undefined ? [] : [actToken],
    });
  }

  /**
   * Commands read over connections of their own: a follower that is busy with
   * its first reading of thousands must not keep a person waiting.
   */
  #createCommands(token: string): ArgoCdCommands {
    const { name, pageUrl, path, url, ca, requestTimeout } = this.#config;
    const acting = ActingClient.create({
      url,
      ca,
      token,
      requestTimeout,
      refreshTimeout: Math.min(requestTimeout, REFRESH_TIMEOUT),
      secrets: this.#credentials.secrets,
    });
    const logger = this.#logger;
    return ArgoCdCommands.create({
      context: { instance: name, pageUrl },
      reading: this.#createReader(COMMAND_READS),
      acting,
      probe: ActAccountProbe.create({ acting, logger, path }),
      logger,
    });
  }
}
