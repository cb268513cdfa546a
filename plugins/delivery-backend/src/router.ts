import { HttpAuthService } from '@backstage/backend-plugin-api';
import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { ErrorRequestHandler, Router } from 'express';
import { openApiDocument } from './schema/openapi';
import { AuthorizedDelivery } from './service/AuthorizedDelivery';
import { invalidParameter } from './service/errors';

/**
 * Requests that the document refuses are `InputError`s without a code; so is a
 * path that is no text at all (`%zz`), which Express refuses before that.
 */
const codeOfInvalidRequests: ErrorRequestHandler = (
  error,
  _req,
  _res,
  next,
) => {
  if (error instanceof URIError) {
    next(invalidParameter('The path is not percent-encoded properly'));
  } else if (error instanceof InputError && !('code' in error)) {
    next(invalidParameter(error.message));
  } else {
    next(error);
  }
};

/**
 * The HTTP API. The OpenAPI document validates requests and types the handlers;
 * here, they are only taken apart and handed on.
 */
export function createRouter(options: {
  httpAuth: HttpAuthService;
  delivery: AuthorizedDelivery;
}): Router {
  const { httpAuth, delivery } = options;
  const router = createValidatedOpenApiRouter(openApiDocument);

  router.get('/fleet', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const answer = await delivery.fleet({ query: req.query, credentials });
    // Already JSON: the same answer goes to many, and is written once.
    res.status(200).type('application/json').end(answer);
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

  const untyped: Router = router;
  untyped.use(codeOfInvalidRequests);
  return untyped;
}
