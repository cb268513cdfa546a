import { HttpAuthService } from '@backstage/backend-plugin-api';
import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { ErrorRequestHandler, Request, Response, Router } from 'express';
import { AuthorizedActions } from './actions/AuthorizedActions';
import { AuditedActivityLog } from './activity/AuditedActivityLog';
import { AuthorizedActivity } from './activity/AuthorizedActivity';
import { recordRefusals } from './activity/recordRefusals';
import { openApiDocument } from './schema/openapi';
import { AuthorizedDelivery } from './service/AuthorizedDelivery';
import { invalidParameter } from './service/errors';
import { COMPRESSIONS, PreparedJson } from './service/PreparedJson';

/**
 * Requests that the document refuses are `InputError`s without a code; so are a
 * path that is no text at all (`%zz`), which Express refuses before that, and a
 * body that is no JSON, or too much of it, which the parser of bodies refuses.
 */
const codeOfInvalidRequests: ErrorRequestHandler = (
  error,
  _req,
  _res,
  next,
) => {
  if (error instanceof URIError) {
    next(invalidParameter('The path is not percent-encoded properly'));
  } else if (isBodyParserError(error)) {
    next(invalidParameter('The body is no JSON, or too large'));
  } else if (error instanceof InputError && !('code' in error)) {
    next(invalidParameter(error.message));
  } else {
    next(error);
  }
};

/** The parser of Express names what it refuses `entity.…`. */
function isBodyParserError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'type' in error &&
    String(error.type).startsWith('entity.')
  );
}

/**
 * The HTTP API. The OpenAPI document validates requests and types the handlers;
 * here, they are only taken apart and handed on.
 */
export function createRouter(options: {
  httpAuth: HttpAuthService;
  delivery: AuthorizedDelivery;
  actions: AuthorizedActions;
  activity: AuthorizedActivity;
  activityLog: AuditedActivityLog;
}): Router {
  const { httpAuth, delivery, actions, activity, activityLog } = options;
  const router = createValidatedOpenApiRouter(openApiDocument);

  router.get('/fleet', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const answer = await delivery.fleet({ query: req.query, credentials });
    await sendPrepared({ req, res, answer });
  });

  router.get(
    '/entities/:kind/:namespace/:name/deployments',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req, {
        allow: ['user', 'service'],
      });
      res.status(200).json(
        await delivery.deployments({
          entityRef: stringifyEntityRef(req.params),
          atLeast: req.query.atLeast,
          credentials,
        }),
      );
    },
  );

  router.get('/entities/:kind/:namespace/:name/history', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    res.status(200).json(
      await delivery.history({
        ...req.query,
        entityRef: stringifyEntityRef(req.params),
        credentials,
      }),
    );
  });

  router.get(
    '/entities/:kind/:namespace/:name/environments/:environment/plans/:action',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req, { allow: ['user'] });
      const { environment, action } = req.params;
      res.status(200).json(
        await actions.plan({
          entityRef: stringifyEntityRef(req.params),
          environment,
          action,
          ...(req.query.target !== undefined && { target: req.query.target }),
          credentials,
        }),
      );
    },
  );

  router.post(
    '/entities/:kind/:namespace/:name/environments/:environment/actions/:action',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req, { allow: ['user'] });
      const { environment, action } = req.params;
      const taken = await actions.request({
        entityRef: stringifyEntityRef(req.params),
        environment,
        action,
        request: req.body,
        credentials,
        httpRequest: req,
      });
      res.status(taken.isNew ? 202 : 200).json(taken.action);
    },
  );

  router.get(
    '/entities/:kind/:namespace/:name/actions/:id',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req, { allow: ['user'] });
      res.status(200).json(
        await actions.find({
          entityRef: stringifyEntityRef(req.params),
          id: req.params.id,
          credentials,
        }),
      );
    },
  );

  router.get('/activity', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    res
      .status(200)
      .json(await activity.read({ query: req.query, credentials }));
  });

  const untyped: Router = router;
  untyped.use(codeOfInvalidRequests);
  untyped.use(recordRefusals({ httpAuth, activity: activityLog }));
  return untyped;
}

/**
 * Sends what was written, and compressed, before. Backstage's own compression
 * leaves alone what says that it is compressed.
 */
async function sendPrepared(options: {
  req: Pick<Request, 'acceptsEncodings'>;
  res: Pick<Response, 'set' | 'vary' | 'status' | 'end'>;
  answer: PreparedJson;
}): Promise<void> {
  const { req, res, answer } = options;
  const compression = answer.isWorthCompressing
    ? COMPRESSIONS.find(one => req.acceptsEncodings(one))
    : undefined;
  const body = compression
    ? await answer.compressed(compression)
    : Buffer.from(answer.text);
  if (compression) {
    res.set('Content-Encoding', compression);
  }
  res.vary('Accept-Encoding');
  res.set('Content-Type', 'application/json; charset=utf-8');
  res.set('Content-Length', String(body.length));
  res.status(200);
  res.end(body);
}
