import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Request, Response } from 'express';
import { RepositoryReader } from '../../git/types';
import { SandboxClock } from '../../clock';
import { denied, Session, TokenService } from '../auth';
import { Applications, nameOf } from '../controller/applications';
import { ApplicationController } from '../controller/controller';
import { Destinations } from '../controller/destinations';
import { letsIn } from '../controller/validation';
import { ArgoCdError, GRPC } from '../errors';
import { AccessRequest, Enforcer, rbacName } from '../rbac';
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
  readonly enforcer: Enforcer;
  readonly applications: Applications;
  readonly controller: ApplicationController;
  readonly destinations: Destinations;
  readonly manifests: ManifestService;
  readonly repositories: RepositoryReader;
  readonly streams: StreamHub;
  /** Wall-clock seconds that a refresh may take. */
  readonly refreshDeadlineSeconds: number;
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

/** Whether the sender of a request may do something. */
export function may(
  context: RouteContext,
  session: Session,
  request: AccessRequest,
): boolean {
  return context.enforcer.allows(session.username, request);
}

/** @throws ArgoCdError 7, with all the detail that upstream gives away. */
export function requirePermission(
  context: RouteContext,
  session: Session,
  request: AccessRequest,
): void {
  if (!may(context, session, request)) throw denied(session, request);
}

/** What a rule about an application names. */
export function rbacNameOf(application: Application): string {
  return rbacName({
    ...nameOf(application),
    project: application.spec.project,
    controlNamespace: CONTROL_NAMESPACE,
  });
}

/** Whether a session may do something with an application. */
export function mayWithApplication(
  context: RouteContext,
  session: Session,
  action: string,
  application: Application,
): boolean {
  const object = rbacNameOf(application);
  return may(context, session, { resource: 'applications', action, object });
}

/**
 * The application that a request names, when its sender may do something with
 * it. Who names no project learns only that it is denied; who names one learns
 * whether the project has such an application, but nothing about other
 * projects (A2). An application in a namespace that is not enabled is denied.
 *
 * @throws ArgoCdError 7, 5 or 3
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
  const object = rbacName({
    project,
    namespace,
    name,
    controlNamespace: CONTROL_NAMESPACE,
  });
  const mayAsk =
    !project ||
    may(context, session, { resource: 'applications', action, object });
  if (!mayAsk || !context.applications.isEnabled(namespace)) {
    throw new ArgoCdError(GRPC.permissionDenied, 'permission denied');
  }
  const found = context.applications.find({ name, namespace });
  const isThere =
    found &&
    mayWithApplication(context, session, action, found) &&
    (!project || (found.spec.project || 'default') === project);
  if (!isThere) {
    throw project
      ? new ArgoCdError(
          GRPC.notFound,
          `applications.argoproj.io "${name}" not found`,
        )
      : new ArgoCdError(GRPC.permissionDenied, 'permission denied');
  }
  requireProjectOf(context, found);
  return found;
}

/** An application needs a project that lets its namespace in. */
function requireProjectOf(
  context: RouteContext,
  application: Application,
): void {
  const name = application.spec.project || 'default';
  const project = context.applications.project(name);
  if (!project || !letsIn(project, nameOf(application).namespace)) {
    throw new ArgoCdError(
      GRPC.invalidArgument,
      `app is not allowed in project "${name}", or the project does not exist`,
    );
  }
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
