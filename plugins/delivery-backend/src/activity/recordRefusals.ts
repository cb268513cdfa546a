import { HttpAuthService } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  DEPLOYMENT_ACTION_KINDS,
  DeploymentActionKind,
} from '@slipway/plugin-delivery-common';
import { ErrorRequestHandler, Request } from 'express';
import { DateTime } from 'luxon';
import { formatTime } from '../domain/times';
import { ActivityLog, NewActivity } from './ActivityLog';

/** An action route, as it is documented: nothing else is about a service. */
const ACTION_ROUTE =
  /^\/entities\/([A-Za-z][A-Za-z0-9]{0,62})\/([-A-Za-z0-9]{1,63})\/([-\w.]{1,63})\/environments\/([-a-z0-9]{1,63})\/actions\/([-a-z]{1,32})\/?$/;

/**
 * Errors that say "no", by name: Backstage tells errors apart like this. Any
 * other is a fault of the portal, after which nobody knows what was done; that
 * is for its log, and for whoever took the action on.
 */
const REFUSALS = new Set([
  'InputError',
  'NotAllowedError',
  'NotFoundError',
  'ConflictError',
  'ServiceUnavailableError',
]);

/** As much of an error as a person reads. */
const RESULT_LENGTH = 1_000;
/** As much of a reason as a request may hold. */
const REASON_LENGTH = 500;

/**
 * Records what is refused before an action is looked at, such as a body that is
 * not understood or a service that is not there: whoever tries doors should be
 * seen trying. What the action itself refused is recorded by it, with more.
 */
export function recordRefusals(options: {
  httpAuth: HttpAuthService;
  activity: ActivityLog & { hasRecorded(error: Error): boolean };
}): ErrorRequestHandler {
  const { httpAuth, activity } = options;
  return (error: unknown, req, _res, next) => {
    const subject = subjectOf(req);
    if (
      !subject ||
      !(error instanceof Error) ||
      !REFUSALS.has(error.name) ||
      activity.hasRecorded(error)
    ) {
      next(error);
      return;
    }
    httpAuth
      .credentials(req, { allow: ['user', 'service'] })
      .then(({ principal }) =>
        activity.refuse(
          error,
          {
            at: formatTime(DateTime.utc()),
            ...subject,
            actor:
              principal.type === 'user'
                ? { ref: principal.userEntityRef, kind: 'user' }
                : { ref: principal.subject, kind: 'service' },
            ...reasonOf(req),
            result: error.message.slice(0, RESULT_LENGTH),
            ...('code' in error &&
              typeof error.code === 'string' && { code: error.code }),
          },
          { request: req },
        ),
      )
      // Who is nobody is refused by Backstage, and leaves no line here.
      .catch(() => undefined)
      .finally(() => next(error));
  };
}

function subjectOf(
  req: Request,
): Pick<NewActivity, 'action' | 'entityRef' | 'environment'> | undefined {
  const parts = req.method === 'POST' ? ACTION_ROUTE.exec(req.path) : null;
  if (!parts) {
    return undefined;
  }
  const [, kind, namespace, name, environment, action] = parts;
  return isAction(action)
    ? {
        action,
        entityRef: stringifyEntityRef(
          parseEntityRef(`${kind}:${namespace}/${name}`),
        ),
        environment,
      }
    : undefined;
}

function isAction(text: string): text is DeploymentActionKind {
  return DEPLOYMENT_ACTION_KINDS.some(action => action === text);
}

/** The body is as it came: it may be what was refused. */
function reasonOf({ body }: Request): { reason?: string } {
  const reason: unknown =
    typeof body === 'object' && body !== null && 'reason' in body
      ? body.reason
      : undefined;
  return typeof reason === 'string' && reason !== ''
    ? { reason: reason.slice(0, REASON_LENGTH) }
    : {};
}
