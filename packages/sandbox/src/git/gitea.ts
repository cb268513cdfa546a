import type { IncomingMessage, ServerResponse } from 'node:http';
import { posix } from 'node:path';
import type { BareRepository } from './repository';

/** What Backstage's `gitea` integration asks for. */
const routes = {
  contents: /^\/api\/v1\/repos\/([^/]+)\/([^/]+)\/contents(?:\/(.*))?$/,
  archive: /^\/api\/v1\/repos\/([^/]+)\/([^/]+)\/archive\/(.+)\.tar\.gz$/,
  commit: /^\/api\/v1\/repos\/([^/]+)\/([^/]+)\/git\/commits\/(.+)$/,
  version: /^\/api\/v1\/version$/,
} as const;

/**
 * Answers the three reads of Gitea's API that Backstage's stock reader uses,
 * because Backstage has no reader for plain Git over HTTP.
 */
export async function answerGitea(options: {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  repositories: ReadonlyMap<string, BareRepository>;
}): Promise<void> {
  const { request, response, url, repositories } = options;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    json({ response, status: 405, body: { message: 'Only GET is simulated' } });
    return;
  }
  if (routes.version.test(url.pathname)) {
    json({ response, status: 200, body: { version: '1.24.0' } });
    return;
  }
  for (const [kind, pattern] of [
    ['contents', routes.contents],
    ['archive', routes.archive],
    ['commit', routes.commit],
  ] as const) {
    const match = pattern.exec(url.pathname);
    if (match) {
      const [owner, name, rest = ''] = match.slice(1).map(decode);
      const repository = repositories.get(`${owner}/${name}`);
      if (!repository) {
        notFound({ response, what: `repository ${owner}/${name}` });
        return;
      }
      const revision =
        kind === 'contents' ? url.searchParams.get('ref') || 'HEAD' : rest;
      const commit = await repository.resolve(revision);
      if (!commit) {
        notFound({ response, what: `revision ${revision}` });
        return;
      }
      switch (kind) {
        case 'contents':
          await answerContents({
            request,
            response,
            repository,
            commit,
            path: rest,
          });
          return;
        case 'archive':
          await answerArchive({ request, response, repository, commit, name });
          return;
        case 'commit':
          await answerCommit({ response, repository, commit });
          return;
        default:
          return;
      }
    }
  }
  notFound({ response, what: `endpoint ${url.pathname}` });
}

async function answerContents(options: {
  request: IncomingMessage;
  response: ServerResponse;
  repository: BareRepository;
  commit: string;
  path: string;
}): Promise<void> {
  const { request, response, repository, commit } = options;
  const path = posix.normalize(`/${options.path}`).slice(1).replace(/\/$/, '');
  const file =
    path === '' ? undefined : await repository.readFile({ commit, path });
  const described = await repository.readCommit(commit);
  const modified = described
    ? new Date(described.date).toUTCString()
    : undefined;
  if (file) {
    const etag = `"${file.sha}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    json({
      response,
      status: 200,
      headers: { etag, ...(modified ? { 'last-modified': modified } : {}) },
      body: {
        name: posix.basename(path),
        path,
        sha: file.sha,
        last_commit_sha: commit,
        type: 'file',
        size: file.content.length,
        encoding: 'base64',
        content: file.content.toString('base64'),
      },
    });
    return;
  }
  const entries = await repository.list({ commit, path });
  if (entries.length === 0) {
    notFound({ response, what: `file ${path}` });
    return;
  }
  json({
    response,
    status: 200,
    body: entries.map(entry => ({
      ...entry,
      path: posix.join(path, entry.name),
    })),
  });
}

async function answerArchive(options: {
  request: IncomingMessage;
  response: ServerResponse;
  repository: BareRepository;
  commit: string;
  name: string;
}): Promise<void> {
  const { request, response, repository, commit, name } = options;
  const etag = `"${commit}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const archive = await repository.archive({ commit, folder: name });
  response
    .writeHead(200, {
      'content-type': 'application/gzip',
      'content-length': archive.length,
      'content-disposition': `attachment; filename="${name}.tar.gz"`,
      etag,
    })
    .end(archive);
}

async function answerCommit(options: {
  response: ServerResponse;
  repository: BareRepository;
  commit: string;
}): Promise<void> {
  const { response, repository, commit } = options;
  const described = await repository.readCommit(commit);
  const [, name = '', email = ''] =
    /^(.*) <(.*)>$/.exec(described?.author ?? '') ?? [];
  const person = { name, email, date: described?.date };
  json({
    response,
    status: 200,
    headers: { etag: `"${commit}"` },
    body: {
      sha: commit,
      created: described?.date,
      commit: {
        message: described?.message,
        author: person,
        committer: person,
      },
    },
  });
}

function notFound(options: { response: ServerResponse; what: string }): void {
  json({
    response: options.response,
    status: 404,
    body: { message: `There is no ${options.what}`, errors: [] },
  });
}

function json(options: {
  response: ServerResponse;
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}): void {
  const text = JSON.stringify(options.body);
  options.response
    .writeHead(options.status, {
      'content-type': 'application/json;charset=utf-8',
      'content-length': Buffer.byteLength(text),
      ...options.headers,
    })
    .end(text);
}

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return part ?? '';
  }
}
