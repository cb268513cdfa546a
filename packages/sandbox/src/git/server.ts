import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundError, toError } from '@backstage/errors';
import { listenOnLoopback } from '../http/loopback';
import type { LoopbackServer } from '../http/loopback';
import { readFileIfThere } from '../util/files';
import { authenticate, mayPushTo } from './authorization';
import type { GitAccount } from './authorization';
import { answerGitea } from './gitea';
import { answerWithHttpBackend } from './httpBackend';
import { BareRepository, MAIN } from './repository';
import type { NewCommit } from './repository';
import type { GitCommit, GitPush, RepositoryReader } from './types';

/** Settings of every Git process of the sandbox. */
const gitConfig = `[safe]
	directory = *
[gc]
	auto = 0
[receive]
	autogc = false
	advertisePushOptions = true
[uploadpack]
	allowFilter = true
[http]
	receivepack = true
[core]
	quotePath = false
`;

/** Requests that belong to Git's smart protocol. */
const smartPath =
  /^\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** The page of a file, as Backstage links to it: `/o/r/src/branch/main/x`. */
const sourcePath =
  /^\/([\w.-]+\/[\w.-]+?)\/src\/(?:branch|commit|tag)\/([^/]+)\/(.+)$/;

/** What a Git server is made of. */
export interface GitServerOptions {
  /** Folder of the repositories; created when missing. */
  directory: string;
  /** `owner/name` of every repository. */
  repositories: readonly string[];
  accounts: readonly GitAccount[];
}

/**
 * Bare repositories on disk behind one HTTP server: `git clone` and `git push`
 * with a token, the reads of Backstage's `gitea` integration, and a reader and
 * a writer for the other parts of the sandbox.
 */
export class DefaultGitServer implements RepositoryReader {
  static async create(options: GitServerOptions): Promise<DefaultGitServer> {
    const { directory, accounts } = options;
    const configFile = join(directory, 'config');
    await mkdir(join(directory, 'pushes'), { recursive: true });
    await writeFile(configFile, gitConfig);
    const repositories = new Map<string, BareRepository>();
    const fresh: string[] = [];
    for (const name of options.repositories) {
      const { repository, isNew } = await BareRepository.open({
        name,
        directory: join(directory, 'repositories', `${name}.git`),
        configFile,
      });
      repositories.set(name, repository);
      if (isNew) {
        fresh.push(name);
      }
    }
    return new DefaultGitServer({
      directory,
      configFile,
      accounts,
      repositories,
      fresh,
    });
  }

  /** Repositories that have no commit yet: `owner/name`. */
  readonly fresh: readonly string[];
  readonly #directory: string;
  readonly #configFile: string;
  readonly #accounts: readonly GitAccount[];
  readonly #repositories: ReadonlyMap<string, BareRepository>;
  readonly #listeners = new Set<(push: GitPush) => void>();
  readonly #children = new Set<ChildProcess>();
  readonly #requests = new Set<Promise<void>>();
  #server: LoopbackServer | undefined;

  private constructor(options: {
    directory: string;
    configFile: string;
    accounts: readonly GitAccount[];
    repositories: ReadonlyMap<string, BareRepository>;
    fresh: readonly string[];
  }) {
    this.#directory = options.directory;
    this.#configFile = options.configFile;
    this.#accounts = options.accounts;
    this.#repositories = options.repositories;
    this.fresh = options.fresh;
  }

  /** `http://localhost:<port>`; throws before {@link start}. */
  get url(): string {
    if (!this.#server) {
      throw new Error('The Git server has not been started');
    }
    return this.#server.url;
  }

  /**
   * Listens on a port of localhost; 0 lets the system choose.
   *
   * @throws ConflictError when the port is in use.
   */
  async start(options: { port: number }): Promise<void> {
    this.#server = await listenOnLoopback({
      port: options.port,
      purpose: 'the Git server',
      handler: (request, response) => {
        const work = this.#answer(request, response)
          .catch(error => fail({ response, error }))
          .finally(() => this.#requests.delete(work));
        this.#requests.add(work);
      },
    });
  }

  /** Stops listening, ends every Git process and waits for them. */
  async stop(): Promise<void> {
    await this.#server?.close();
    for (const child of this.#children) {
      child.kill('SIGTERM');
    }
    await Promise.all(this.#requests);
  }

  /** URL that clients clone a repository from. */
  cloneUrl(name: string): string {
    return `${this.url}/${name}.git`;
  }

  /** @throws NotFoundError when there is no such repository. */
  repository(name: string): BareRepository {
    const repository = this.#repositories.get(name);
    if (!repository) {
      const known = [...this.#repositories.keys()].join(', ');
      throw new NotFoundError(
        `There is no repository '${name}'; there are ${known}`,
      );
    }
    return repository;
  }

  /** Commits to `main` of a repository and tells everyone who listens. */
  async commit(options: {
    repository: string;
    commit: NewCommit;
  }): Promise<{ before: string; after: string }> {
    const repository = this.repository(options.repository);
    const moved = await repository.commit(options.commit);
    this.#announce({
      repoUrl: this.cloneUrl(repository.name),
      ref: MAIN,
      ...moved,
    });
    return moved;
  }

  async resolveRevision(options: {
    repoUrl: string;
    revision: string;
  }): Promise<string | undefined> {
    return this.#find(options.repoUrl).resolve(options.revision);
  }

  async readFiles(options: {
    repoUrl: string;
    commit: string;
    path?: string;
  }): Promise<Map<string, string>> {
    return this.#find(options.repoUrl).readFiles(options);
  }

  async readChanges(options: {
    repoUrl: string;
    from: string;
    to: string;
  }): Promise<Map<string, string | undefined>> {
    return this.#find(options.repoUrl).readChanges(options);
  }

  async readCommit(options: {
    repoUrl: string;
    commit: string;
  }): Promise<GitCommit | undefined> {
    return this.#find(options.repoUrl).readCommit(options.commit);
  }

  onPush(listener: (push: GitPush) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The repository of a clone URL. Host and port are not compared beyond
   * being this machine's: manifests written before a change of ports still
   * name the old one.
   */
  #find(repoUrl: string): BareRepository {
    let url: URL;
    try {
      url = new URL(repoUrl);
    } catch {
      throw new NotFoundError(`'${repoUrl}' is not the URL of a repository`);
    }
    const name = url.pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
    const repository = this.#repositories.get(name);
    if (!repository || !isThisMachine(url.hostname)) {
      throw new NotFoundError(`The sandbox has no repository ${repoUrl}`);
    }
    return repository;
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/healthz') {
      text({ response, status: 200, body: 'ok\n' });
      return;
    }
    const account = authenticate({
      header: request.headers.authorization,
      accounts: this.#accounts,
    });
    if (!account) {
      response.setHeader(
        'www-authenticate',
        'Basic realm="Slipway sandbox Git", charset="UTF-8"',
      );
      text({
        response,
        status: 401,
        body: 'Sign in with the name and the token of credentials.json\n',
      });
      return;
    }
    if (url.pathname.startsWith('/api/v1/')) {
      await answerGitea({
        request,
        response,
        url,
        repositories: this.#repositories,
      });
      return;
    }
    const smart = smartPath.exec(url.pathname);
    if (smart && this.#repositories.has(smart[1])) {
      const pushes =
        smart[2] === 'git-receive-pack' ||
        url.searchParams.getAll('service').includes('git-receive-pack');
      if (pushes && !mayPushTo(account, smart[1])) {
        text({
          response,
          status: 403,
          body: `${account.username} may read ${smart[1]}, but not push to it\n`,
        });
        return;
      }
      await this.#answerGit({
        request,
        response,
        repository: this.repository(smart[1]),
        service: smart[2],
        query: url.search.slice(1),
        username: account.username,
      });
      return;
    }
    const source = sourcePath.exec(url.pathname);
    if (source && this.#repositories.has(source[1])) {
      await this.#answerSource({
        response,
        repository: this.repository(source[1]),
        revision: decodeURIComponent(source[2]),
        path: decodeURIComponent(source[3]),
      });
      return;
    }
    text({
      response,
      status: 404,
      body: `There is nothing at ${url.pathname}; repositories are ${[
        ...this.#repositories.keys(),
      ].join(', ')}\n`,
    });
  }

  async #answerGit(options: {
    request: IncomingMessage;
    response: ServerResponse;
    repository: BareRepository;
    service: string;
    query: string;
    username: string;
  }): Promise<void> {
    const { request, response, repository, service, query, username } = options;
    const pushesFile = join(this.#directory, 'pushes', randomUUID());
    await answerWithHttpBackend({
      request,
      response,
      root: join(this.#directory, 'repositories'),
      path: `/${repository.name}.git/${service}`,
      query,
      username,
      configFile: this.#configFile,
      pushesFile,
      onStart: child => {
        this.#children.add(child);
        child.once('close', () => this.#children.delete(child));
      },
    });
    const report = await readFileIfThere(pushesFile);
    if (report !== undefined) {
      await rm(pushesFile, { force: true });
      for (const line of report.trim().split('\n')) {
        const [before, after, ref] = line.split(' ');
        this.#announce({
          repoUrl: this.cloneUrl(repository.name),
          ref,
          before,
          after,
        });
      }
    }
  }

  async #answerSource(options: {
    response: ServerResponse;
    repository: BareRepository;
    revision: string;
    path: string;
  }): Promise<void> {
    const { response, repository, revision, path } = options;
    const commit = await repository.resolve(revision);
    const file = commit && (await repository.readFile({ commit, path }));
    if (!file) {
      text({ response, status: 404, body: `There is no ${path}\n` });
      return;
    }
    text({ response, status: 200, body: file.content.toString('utf8') });
  }

  #announce(push: GitPush): void {
    for (const listener of [...this.#listeners]) {
      listener(push);
    }
  }
}

function text(options: {
  response: ServerResponse;
  status: number;
  body: string;
}): void {
  options.response
    .writeHead(options.status, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    .end(options.body);
}

function fail(options: { response: ServerResponse; error: unknown }): void {
  const { response, error } = options;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  text({
    response,
    status: 500,
    body: `${toError(error).message}\n`,
  });
}

function isThisMachine(host: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(host);
}
