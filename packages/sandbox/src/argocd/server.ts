import express from 'express';
import type {
  ErrorRequestHandler,
  Express,
  RequestHandler,
  Router,
} from 'express';
import { ArgoCdError, GRPC, toArgoCdError } from './errors';
import { routeOf } from './requestCounter';
import { applicationRoutes } from './routes/applications';
import { clusterRoutes } from './routes/clusters';
import { RouteContext } from './routes/context';
import { operationRoutes } from './routes/operations';
import { resourceRoutes } from './routes/resources';
import { sessionRoutes } from './routes/session';

/** Everything but GET must say `application/json`, and nothing more (A5). */
const requireContentType: RequestHandler = (request, response, next) => {
  const type = (request.headers['content-type'] ?? '').toLowerCase();
  if (request.method === 'GET' || type === 'application/json') {
    next();
    return;
  }
  response.status(415).type('text/plain').send('Invalid content type\n');
};

/**
 * A path that exists for another method is answered as grpc-gateway v1 does,
 * by itself: in plain text, not with an error of the API.
 */
function wrongMethod(routers: readonly Router[]): RequestHandler {
  return (request, response, next) => {
    const isKnown = routers.some(({ stack }) =>
      stack.some(({ route, regexp }) => route && regexp.test(request.path)),
    );
    if (!isKnown) {
      next();
      return;
    }
    response.status(405).type('text/plain').send('Method Not Allowed\n');
  };
}

const notFound: RequestHandler = (request, response) => {
  const isPage =
    !request.path.startsWith('/api/') &&
    /text\/html/.test(request.headers.accept ?? '');
  if (isPage) {
    response
      .type('text/html')
      .send(
        '<!doctype html><html lang="en"><head><title>Argo CD (sandbox)</title></head><body><p>The sandbox simulates the API of Argo CD, not its pages.</p></body></html>\n',
      );
    return;
  }
  response.status(404).type('text/plain').send('Not Found\n');
};

// Express tells an error handler by its four parameters.
const errorHandler: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const answer =
    error instanceof SyntaxError
      ? new ArgoCdError(GRPC.invalidArgument, error.message)
      : toArgoCdError(error);
  response.status(answer.httpStatus).json(answer.toBody());
};

/** Builds the HTTP side of an Argo CD. */
export function createServer(options: {
  context: RouteContext;
  counts: Map<string, number>;
  delayMilliseconds: () => number;
}): Express {
  const { context, counts, delayMilliseconds } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, _, next) => {
    const route = routeOf(request.method, request.path);
    counts.set(route, (counts.get(route) ?? 0) + 1);
    const delay = delayMilliseconds();
    if (delay > 0) setTimeout(next, delay);
    else next();
  });
  app.get('/healthz', (_, response) => {
    response.type('text/plain').send('ok');
  });
  app.use(requireContentType);
  app.use(express.json({ limit: '5mb' }));
  const routers = [
    sessionRoutes(context),
    clusterRoutes(context),
    applicationRoutes(context),
    operationRoutes(context),
    resourceRoutes(context),
  ];
  for (const router of routers) app.use(router);
  app.use(wrongMethod(routers));
  app.use(notFound);
  app.use(errorHandler);
  return app;
}
