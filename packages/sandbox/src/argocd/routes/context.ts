import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Request, Response } from 'express';
import { RepositoryReader } from '../../git/types';
import { SandboxClock } from '../../clock';
import { denied, may, Session, TokenService } from '../auth';
import { Applications } from '../controller/applications';
import { ApplicationController } from '../controller/controller';
import { Destinations } from '../controller/destinations';
import { ArgoCdError, GRPC } from '../errors';
import { ManifestService } from '../sources/manifests';
import { StreamHub } from '../streamHub';
import { ArgoCdVersion } from '../version';
import { Application, CONTROL_NAMESPACE } from '../wire';

/** What the routes share. */
export interface RouteContext {
  readonly instance: string;
  readonly clock: SandboxClock;
  readonly version: ArgoCdVersion;
  readonly tokens: TokenService;
  readonly applications: Applications;
  readonly controller: ApplicationController;
  readonly destinations: Destinations;
  readonly manifests: ManifestService;
  readonly repositories: RepositoryReader;
  readonly streams: StreamHub;
  /** Base URL of this server. */
  url(): string;
  /** Undefined while streams are accepted. */
  streamsCut(): boolean;
}

const compress = promisify(gzip);

/** Bodies from this size on are compressed for clients that want it. */
const COMPRESS_FROM = 1024;

/** Who sends a request. @throws ArgoCdError 16 */
export function sessionOf(
  context: RouteContext,
  request: Request,
): Promise<Session> {
  const { authorization, cookie } = request.headers;
  return context.tokens.authenticate({ authorization, cookie });
}

/** One value of a query parameter; undefined when it is absent. */
export function query(request: Request, name: string): string | undefined {
  const value = request.query[name];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

/** Every value of a repeated query parameter. */
export function queryAll(request: Request, name: string): string[] {
  const value = request.query[name];
  const list = Array.isArray(value) ? value : [value];
  return list.filter(
    (item): item is string => typeof item === 'string' && item !== '',
  );
}

/**
 * The application that a request names, when its sender may do something with
 * it. Without `project` nobody learns whether a missing one exists (A2).
 *
 * @throws ArgoCdError 7 or 5
 */
export function requireApplication(options: {
  context: RouteContext;
  session: Session;
  action: string;
  name: string;
  namespace: string | undefined;
  project: string | undefined;
}): Application {
  const { context, session, action, name, project } = options;
  const namespace = options.namespace || CONTROL_NAMESPACE;
  const found = context.applications.find({ name, namespace });
  const isThere =
    found && (!project || (found.spec.project || 'default') === project);
  if (!isThere) {
    if (!project) {
      throw new ArgoCdError(GRPC.permissionDenied, 'permission denied');
    }
    throw new ArgoCdError(
      GRPC.notFound,
      `applications.argoproj.io "${name}" not found`,
    );
  }
  if (!may(session, action)) {
    throw denied(
      session,
      'applications',
      action,
      `${found.spec.project || 'default'}/${name}`,
    );
  }
  return found;
}

/** Answers with JSON as Go writes it. */
export async function sendJson(
  request: Request,
  response: Response,
  body: unknown,
): Promise<void> {
  const text = Buffer.from(JSON.stringify(body));
  response.setHeader('Content-Type', 'application/json');
  const zip =
    text.length >= COMPRESS_FROM &&
    /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (!zip) {
    response.end(text);
    return;
  }
  response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Vary', 'Accept-Encoding');
  response.end(await compress(text, { level: 1 }));
}
