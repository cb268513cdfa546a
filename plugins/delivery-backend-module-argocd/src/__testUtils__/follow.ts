import { mockServices } from '@backstage/backend-test-utils';
import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { ArgoCdUpstream } from '../ArgoCdUpstream';
import { ArgoCdInstanceConfig } from '../config';
import { FollowerLimits } from '../follower/limits';
import { RecordingSink } from './RecordingSink';

/** A clockwork fast enough for tests. */
export const FAST_LIMITS: FollowerLimits = {
  silence: 30_000,
  replayQuiet: 40,
  replayAtMost: 1_000,
  openAtMost: 200,
  relist: 60_000,
  seenRecently: 0,
  reconnect: { first: 10, longest: 50 },
  goodConnection: 500,
  refused: 100,
  retry: { attempts: 2, first: 5, longest: 10 },
  commitRetry: 60_000,
  commitCache: 1_000,
  movement: 10,
  batchSize: 200,
  batchInterval: 5,
};

/** Follows a server until it is stopped. */
export function follow(options: {
  url: string;
  token?: string;
  config?: Partial<ArgoCdInstanceConfig>;
  limits?: Partial<FollowerLimits>;
  known?: ObservedApplication[];
  sink?: RecordingSink;
}): {
  sink: RecordingSink;
  logger: ReturnType<typeof mockServices.logger.mock>;
  /** Settles when the run is over. */
  done: Promise<void>;
  stop(): Promise<void>;
} {
  const sink = options.sink ?? new RecordingSink();
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);
  const controller = new AbortController();
  const done = ArgoCdUpstream.create({
    config: {
      name: 'main',
      title: 'Main',
      path: 'argocd.appLocatorMethods[0].instances[0]',
      url: options.url,
      pageUrl: options.url,
      credential: {
        type: 'token',
        token: options.token ?? 'fake.token.value',
      },
      actToken: undefined,
      ca: undefined,
      requestTimeout: 2_000,
      relistInterval: 60_000,
      maxConcurrentRequests: 4,
      ...options.config,
    },
    logger,
    limits: { ...FAST_LIMITS, ...options.limits },
  }).run({ sink, known: options.known ?? [], signal: controller.signal });
  return {
    sink,
    logger,
    done,
    async stop() {
      controller.abort();
      await done;
    },
  };
}
