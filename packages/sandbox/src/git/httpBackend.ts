import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { gitEnvironment } from './runGit';

/** The longest block of CGI headers that makes sense, in bytes. */
const LONGEST_HEADERS = 64 * 1024;

/**
 * Answers one request of Git's smart HTTP protocol with `git http-backend`:
 * clone, fetch and push, in every protocol version, with streamed and with
 * compressed bodies. Resolves when the program has ended.
 *
 * A client that goes away ends the program, so nothing is left behind.
 */
export async function answerWithHttpBackend(options: {
  request: IncomingMessage;
  response: ServerResponse;
  /** Folder that the path is relative to. */
  root: string;
  /** Path of the repository and of the service in it, with its slash. */
  path: string;
  /** Query string without the question mark. */
  query: string;
  /** Authenticated name; without one Git refuses a push. */
  username: string;
  configFile: string;
  /** File that the post-receive hook reports moved refs to. */
  pushesFile: string;
  /** Told of the process, for a server that wants to stop. */
  onStart: (child: ChildProcess) => void;
}): Promise<void> {
  const { request, response, onStart } = options;
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment({ configFile: options.configFile }),
      GIT_PROJECT_ROOT: options.root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: options.path,
      QUERY_STRING: options.query,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      // Absent for a chunked body; the program then reads to its end.
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: headerOf(request, 'git-protocol'),
      REMOTE_USER: options.username,
      REMOTE_ADDR: request.socket.remoteAddress ?? '',
      SLIPWAY_PUSHES: options.pushesFile,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onStart(child);
  const ended = new Promise<void>(resolve => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  response.once('close', () => {
    if (!response.writableFinished) {
      child.kill('SIGTERM');
    }
  });
  // Git says what is wrong in its answer; this only keeps the pipe empty.
  child.stderr.resume();
  // Either side may hang up first; the status of the answer tells.
  pipeline(request, child.stdin).catch(() => undefined);
  await answer({ child, response }).catch(() => response.destroy());
  await ended;
}

async function answer(options: {
  child: ChildProcess;
  response: ServerResponse;
}): Promise<void> {
  const { child, response } = options;
  const stdout = child.stdout;
  if (!stdout) {
    throw new Error('git http-backend has no output');
  }
  let head = Buffer.alloc(0);
  let body: Buffer | undefined;
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    head = Buffer.concat([head, Buffer.from(chunk)]);
    const end = endOfHeaders(head);
    if (end) {
      body = head.subarray(end.after);
      head = head.subarray(0, end.at);
      break;
    }
    if (head.length > LONGEST_HEADERS) {
      break;
    }
  }
  if (!body) {
    response
      .writeHead(502, { 'content-type': 'text/plain' })
      .end('git http-backend gave no answer\n');
    child.kill('SIGTERM');
    return;
  }
  const { status, headers } = parseHeaders(head.toString('latin1'));
  response.writeHead(status, headers);
  if (body.length > 0) {
    stdout.unshift(body);
  }
  await pipeline(stdout, response);
}

function endOfHeaders(
  buffer: Buffer,
): { at: number; after: number } | undefined {
  const crlf = buffer.indexOf('\r\n\r\n');
  if (crlf >= 0) {
    return { at: crlf, after: crlf + 4 };
  }
  const lf = buffer.indexOf('\n\n');
  return lf >= 0 ? { at: lf, after: lf + 2 } : undefined;
}

function parseHeaders(block: string): {
  status: number;
  headers: Record<string, string>;
} {
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') {
      status = Number.parseInt(value, 10);
    } else if (colon > 0) {
      headers[name] = value;
    }
  }
  return { status, headers };
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value ?? '';
}
