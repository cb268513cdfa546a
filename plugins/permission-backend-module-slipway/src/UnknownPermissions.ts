import { LoggerService } from '@backstage/backend-plugin-api';

/**
 * How many names are told of. Whoever is signed in can ask about any name, and
 * must not be able to fill the memory or the log.
 */
const MOST = 100;

/** What names of permissions are made of; anything else was not written by a plugin. */
const NAME = /^[A-Za-z0-9][-.:\w]{0,99}$/;

/** Says of each permission that no rule knows, once, how to allow it. */
export class UnknownPermissions {
  readonly #logger: LoggerService;
  readonly #told = new Set<string>();

  static create(options: { logger: LoggerService }): UnknownPermissions {
    return new UnknownPermissions(options.logger);
  }

  private constructor(logger: LoggerService) {
    this.#logger = logger;
  }

  /** Takes note that a permission was denied because no rule knows it. */
  denied(permission: string): void {
    if (
      this.#told.has(permission) ||
      this.#told.size >= MOST ||
      !NAME.test(permission)
    ) {
      return;
    }
    this.#told.add(permission);
    this.#logger.info(
      `The permission ${permission} is denied to all but platform engineers, because no rule knows it; to allow it, set permission.slipway.allow['${permission}']: everyone`,
    );
  }
}
