import {
  CATALOG_REPOSITORY,
  catalogRepository,
  gitopsHistory,
  messageTemplates,
  overlayPath,
} from './content';
import type { ArgoCdPastDeployment } from './argocd/types';
import type { DefaultGitServer } from './git';
import { applicationName, findPerson, servicesOf } from './model';
import type { Model, Platform, Service } from './model';

const HOUR_MS = 3_600_000;

/** How long Argo CD took to deploy a commit in the invented past. */
const DEPLOYED_AFTER_MS = 90_000;

/** Every repository that the sandbox serves. */
export function repositoryNames(model: Model): string[] {
  return [
    ...model.platforms.map(platform => platform.repository),
    ...withAdditions(model).map(({ additions }) => additions.repository),
    CATALOG_REPOSITORY,
  ];
}

type ServiceWithAdditions = Service & Required<Pick<Service, 'additions'>>;

/** Services whose applications have a second source. */
function withAdditions(model: Model): ServiceWithAdditions[] {
  return model.services.filter(
    (service): service is ServiceWithAdditions =>
      service.additions !== undefined,
  );
}

/** Fills the repositories that have no commit yet, with a history. */
export async function fillRepositories(options: {
  model: Model;
  git: DefaultGitServer;
  /** When the sandbox was first started: ages count from here. */
  createdAt: Date;
}): Promise<void> {
  const { model, git, createdAt } = options;
  for (const platform of model.platforms) {
    if (git.fresh.includes(platform.repository)) {
      const history = gitopsHistory({
        model,
        platform,
        repoUrl: git.cloneUrl(platform.repository),
      });
      await git.repository(platform.repository).import(
        history.map(({ author, message, files, hoursAgo }) => ({
          author: { name: author.displayName, email: author.email },
          message,
          files,
          date: new Date(createdAt.getTime() - hoursAgo * HOUR_MS),
        })),
      );
    }
  }
  const { displayName, email } = findPerson(model, 'aiko.tanaka');
  async function begin(first: {
    repository: string;
    message: string;
    files: () => ReadonlyMap<string, string>;
  }): Promise<void> {
    const { repository, message, files } = first;
    if (!git.fresh.includes(repository)) return;
    await git.repository(repository).import([
      {
        author: { name: displayName, email },
        message,
        files: files(),
        date: createdAt,
      },
    ]);
  }
  for (const service of withAdditions(model)) {
    await begin({
      repository: service.additions.repository,
      message: 'Keep the messages to customers in one place',
      files: () => messageTemplates(service),
    });
  }
  await begin({
    repository: CATALOG_REPOSITORY,
    message: 'Describe what the platforms are made of',
    files: () => catalogRepository(model),
  });
}

/**
 * Lets the manifests name the Git server's present URL, in a commit, when the
 * sandbox was started on other ports than before.
 */
export async function followGitUrl(options: {
  model: Model;
  git: DefaultGitServer;
  before: string;
  now: Date;
}): Promise<void> {
  const { model, git, before, now } = options;
  const author = findPerson(model, 'aiko.tanaka');
  for (const { repository: name } of model.platforms) {
    const repository = git.repository(name);
    const commit = await repository.resolve('main');
    const oldUrl = `${before}/`;
    const files = new Map(
      [...(await repository.readFiles({ commit: commit ?? 'main' }))]
        .filter(([, text]) => text.includes(oldUrl))
        .map(([path, text]) => [path, text.replaceAll(oldUrl, `${git.url}/`)]),
    );
    if (files.size > 0) {
      await git.commit({
        repository: name,
        commit: {
          author: { name: author.displayName, email: author.email },
          message: `Follow the Git server to ${git.url}`,
          date: now,
          files,
        },
      });
    }
  }
}

/**
 * What each application of a platform deployed before the first start, read
 * from the history of its overlay.
 */
export async function pastDeployments(options: {
  model: Model;
  platform: Platform;
  git: DefaultGitServer;
}): Promise<Map<string, readonly ArgoCdPastDeployment[]>> {
  const { model, platform, git } = options;
  const history = await git.repository(platform.repository).history();
  const approver = findPerson(model, 'helena.brandt');
  const past = new Map<string, readonly ArgoCdPastDeployment[]>();
  for (const service of servicesOf(model, platform.id)) {
    for (const environment of platform.environments) {
      const file = `${overlayPath(service, environment)}/kustomization.yaml`;
      past.set(
        applicationName(service, environment),
        [
          { commit: history.first, date: history.firstDate },
          ...(history.byFile.get(file) ?? []),
        ].map(({ commit, date }) => ({
          revision: commit,
          deployedAt: new Date(
            Date.parse(date) + DEPLOYED_AFTER_MS,
          ).toISOString(),
          username: environment.policy.automatic ? undefined : approver.email,
        })),
      );
    }
  }
  return past;
}
