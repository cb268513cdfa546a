import {
  ApplicationCommands,
  ApplicationUpstream,
  LiveApplication,
  ObservedApplication,
} from '@slipway/plugin-delivery-node';
import { ANNOTATION_ENTITY_REF } from '@slipway/plugin-delivery-common';
import { canonicalJson } from '../domain/canonicalJson';
import { KnownDeployment } from '../domain/fleet/deploymentOf';
import { DeliveryIndex } from '../readModel/DeliveryIndex';
import { deploymentNotFound, targetRequired } from '../service/errors';

/** A deployment that somebody wants to act on, with what it is made from. */
export type ActionTarget = {
  deployment: KnownDeployment;
  application: ObservedApplication;
  /** Id of the application in the read model. */
  applicationRow: number;
  /** Absent when the portal may only read there. */
  commands: ApplicationCommands | undefined;
};

/**
 * Finds what an action is about, in our own read model only: a caller names a
 * service, an environment and one of the targets that we told them of, and never
 * an object of an upstream.
 */
export class TargetFinder {
  readonly #index: DeliveryIndex;
  readonly #upstreams: ReadonlyMap<
    string,
    Pick<ApplicationUpstream, 'commands'>
  >;

  static create(options: {
    index: DeliveryIndex;
    upstreams: ReadonlyMap<string, Pick<ApplicationUpstream, 'commands'>>;
  }): TargetFinder {
    return new TargetFinder(options.index, options.upstreams);
  }

  private constructor(
    index: DeliveryIndex,
    upstreams: ReadonlyMap<string, Pick<ApplicationUpstream, 'commands'>>,
  ) {
    this.#index = index;
    this.#upstreams = upstreams;
  }

  /** How a deployment's application is acted on. */
  commandsOf(
    deployment: Pick<KnownDeployment, 'upstreamId'>,
  ): ApplicationCommands | undefined {
    return this.#upstreams.get(deployment.upstreamId)?.commands;
  }

  /** Every deployment of a service, by id of its target, with what it is made from. */
  targetsOf(entityRef: string): ActionTarget[] {
    const applications = new Map(
      this.#index
        .applicationsOf(entityRef)
        .map(found => [`${found.environment} ${found.targetId}`, found]),
    );
    const environments = this.#index.service(entityRef)?.environments ?? [];
    return environments
      .flatMap(({ deployments }) => deployments)
      .flatMap(deployment => {
        const found = applications.get(
          `${deployment.environment} ${deployment.target.id}`,
        );
        return found
          ? [
              {
                deployment,
                application: found.application,
                applicationRow: found.id,
                commands: this.commandsOf(deployment),
              },
            ]
          : [];
      });
  }

  /**
   * @throws NotFoundError when there is no such target, and InputError when there
   * are several and none is named.
   */
  find(options: {
    entityRef: string;
    environment: string;
    target?: string;
  }): ActionTarget {
    const { entityRef, environment, target } = options;
    const targets = this.targetsOf(entityRef).filter(
      ({ deployment }) => deployment.environment === environment,
    );
    if (target === undefined && targets.length > 1) {
      throw targetRequired(environment);
    }
    const found =
      target === undefined
        ? targets[0]
        : targets.find(({ deployment }) => deployment.target.id === target);
    if (!found) {
      throw deploymentNotFound(entityRef, environment);
    }
    return found;
  }
}

/**
 * Whether an application still is what its binding was worked out from. The
 * projection may be seconds old, or hours during an outage; whether somebody may
 * act on it must not hang on that.
 */
export function isStillTheSame(
  known: ObservedApplication,
  live: LiveApplication,
): boolean {
  const facts = (application: ObservedApplication) =>
    canonicalJson({
      id: application.id,
      project: application.project,
      entityRef: application.annotations[ANNOTATION_ENTITY_REF],
      labels: application.labels,
      destination: application.destination,
    });
  return facts(known) === facts(live.application);
}
