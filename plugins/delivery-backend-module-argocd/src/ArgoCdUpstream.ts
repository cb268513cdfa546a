import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ApplicationUpstream,
  UpstreamRunOptions,
} from '@slipway/plugin-delivery-node';
import { ArgoCdClient } from './argocd/ArgoCdClient';
import { ArgoCdInstanceConfig } from './config';
import { ApplicationFollower } from './follower/ApplicationFollower';
import { DEFAULT_LIMITS, FollowerLimits } from './follower/limits';

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
  readonly #config: ArgoCdInstanceConfig;
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
  }

  async run(options: UpstreamRunOptions): Promise<void> {
    const config = this.#config;
    const client = ArgoCdClient.create({
      url: config.url,
      credential: config.credential,
      requestTimeout: config.requestTimeout,
      maxConcurrentRequests: config.maxConcurrentRequests,
    });
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
}
