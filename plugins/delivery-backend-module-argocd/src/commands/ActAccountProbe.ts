import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { ActingClient } from '../argocd/ActingClient';
import { ApplicationAddress } from '../argocd/applicationQuery';

/**
 * Finds out, once, whether the acting account can do anything: the first time
 * that somebody looks at what an action would do, and beside that. A token that
 * is good for nothing shows in the log then, before the first person is refused.
 *
 * Not at the start of the backend: an Argo CD that is down must not keep the
 * portal from starting, nor a hundred replicas from asking at once.
 */
export class ActAccountProbe {
  static create(options: {
    acting: ActingClient;
    logger: LoggerService;
    /** Path of the instance in the configuration. */
    path: string;
  }): ActAccountProbe {
    return new ActAccountProbe(options);
  }

  readonly #acting: ActingClient;
  readonly #logger: LoggerService;
  readonly #path: string;
  readonly #stop = new AbortController();
  #begun = false;

  private constructor(options: {
    acting: ActingClient;
    logger: LoggerService;
    path: string;
  }) {
    this.#acting = options.acting;
    this.#logger = options.logger;
    this.#path = options.path;
  }

  /** Asks about an application, unless it has asked before. Returns at once. */
  about(address: Required<ApplicationAddress>): void {
    if (this.#begun) {
      return;
    }
    this.#begun = true;
    this.#ask(address).then(
      complaint => {
        if (complaint) {
          this.#logger.warn(`${this.#path}.actToken: ${complaint}`);
        }
      },
      error => {
        // The command itself will say so where it matters.
        this.#logger.debug(
          'Could not find out what the acting account may do',
          toError(error),
        );
      },
    );
  }

  stop(): void {
    this.#stop.abort();
  }

  async #ask(
    address: Required<ApplicationAddress>,
  ): Promise<string | undefined> {
    const { name, namespace, project } = address;
    const { signal } = this.#stop;
    if (!(await this.#acting.isKnown({ signal }))) {
      return 'is not accepted by Argo CD, so every action will be refused; create a new one with `argocd account generate-token`';
    }
    // Outside Argo CD's own namespace, the namespace is part of the name.
    const objects = [
      [project, name],
      [project, namespace, name],
    ];
    for (const object of objects) {
      if (await this.#acting.may({ action: 'sync', object, signal })) {
        return undefined;
      }
    }
    return `may not sync '${project}/${name}', and perhaps nothing at all; give its account 'applications, sync' in Argo CD's policy`;
  }
}
