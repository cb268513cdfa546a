import { LoggerService } from '@backstage/backend-plugin-api';
import { isDoneWithin } from './sleep';
import { UpstreamRunner } from './UpstreamRunner';

/** Runs every upstream, each on its own. */
export class Ingester {
  readonly #runners: UpstreamRunner[];
  readonly #logger: LoggerService;

  static create(options: {
    runners: UpstreamRunner[];
    logger: LoggerService;
  }): Ingester {
    return new Ingester(options.runners, options.logger);
  }

  private constructor(runners: UpstreamRunner[], logger: LoggerService) {
    this.#runners = runners;
    this.#logger = logger;
  }

  start(): void {
    for (const runner of this.#runners) {
      runner.start();
    }
  }

  /**
   * Stops every upstream and gives the leases back, so that another replica
   * takes over at once. Waits no longer than `withinMs` for a source that does
   * not stop; its lease then ends by itself.
   */
  async stop(options: { withinMs: number }): Promise<void> {
    const stopped = Promise.all(this.#runners.map(runner => runner.stop()));
    if (!(await isDoneWithin(stopped, options.withinMs))) {
      this.#logger.warn('Not every upstream stopped in time');
    }
  }
}
