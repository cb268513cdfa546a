import { findPerson, servicesOf } from '../model';
import type {
  Environment,
  Model,
  Person,
  Platform,
  Release,
  Service,
} from '../model';
import { gitopsRepository } from './gitops';
import { overlayPath } from './names';
import { overlayKustomization } from './serviceOverlay';
import type { FileTree } from './yaml';

/** A commit before the sandbox's first start. */
export interface PastCommit {
  /** Hours between the commit and the first start. */
  readonly hoursAgo: number;
  readonly author: Person;
  readonly message: string;
  /** Files that the commit adds or replaces. */
  readonly files: FileTree;
}

/** Hours between the first commit and the oldest remembered release. */
const SETTLING_HOURS = 48;

/**
 * The history of a GitOps repository, oldest first: a first commit with the
 * oldest remembered releases, then one commit a release and environment.
 */
export function gitopsHistory(options: {
  model: Model;
  platform: Platform;
  repoUrl: string;
}): PastCommit[] {
  const { model, platform, repoUrl } = options;
  const releases = servicesOf(model, platform.id)
    .flatMap(service =>
      platform.environments.flatMap(environment =>
        (service.deployments[environment.id] ?? [])
          .slice(1)
          .map(({ release, hoursAgo }) => ({
            hoursAgo,
            author: committerOf({ model, release, environment }),
            message: releaseMessage({ service, environment, release }),
            files: new Map([
              [
                `${overlayPath(service, environment)}/kustomization.yaml`,
                overlayKustomization({
                  platform,
                  service,
                  environment,
                  release,
                }),
              ],
            ]),
          })),
      ),
    )
    .sort(byAge);
  const first: PastCommit = {
    hoursAgo: SETTLING_HOURS + oldest(model),
    author: findPerson(model, 'aiko.tanaka'),
    message: `Lay out the GitOps repository of ${platform.title}`,
    files: gitopsRepository({
      model,
      platform,
      repoUrl,
      release: (service, environment) =>
        service.deployments[environment.id]?.at(0)?.release,
    }),
  };
  return [first, ...releases];
}

/** Message of a commit that releases a service. */
export function releaseMessage(options: {
  service: Pick<Service, 'name'>;
  environment: Environment;
  release: Pick<Release, 'tag' | 'commit' | 'author'>;
}): string {
  const { service, environment, release } = options;
  return [
    `Release ${service.name} ${release.tag} to ${environment.id}`,
    '',
    `Source-Commit: ${release.commit}`,
    `Released-By: ${release.author}`,
  ].join('\n');
}

/** A developer releases; into production an approver puts their name to it. */
function committerOf(options: {
  model: Model;
  release: Release;
  environment: Environment;
}): Person {
  const { model, release, environment } = options;
  return findPerson(
    model,
    environment.id === 'production' ? 'helena.brandt' : release.author,
  );
}

function oldest(model: Model): number {
  return model.services
    .flatMap(service => Object.values(service.deployments).flat())
    .reduce((most, deployment) => Math.max(most, deployment.hoursAgo), 0);
}

function byAge(left: PastCommit, right: PastCommit): number {
  return (
    right.hoursAgo - left.hoursAgo || left.message.localeCompare(right.message)
  );
}
