import express from 'express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import Router from 'express-promise-router';
import {
  InputError,
  isError,
  NotAllowedError,
  toError,
} from '@backstage/errors';
import { z } from 'zod';
import type { SandboxClock } from '../clock';
import { listenOnLoopback } from '../http/loopback';
import type { LoopbackServer } from '../http/loopback';
import type { ScenarioRunner } from '../scenarios';
import { parseInput } from '../util/parseInput';

/** Names under which this machine may be addressed. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

const speedBody = z.strictObject({
  speed: z
    .number()
    .positive('must be above 0, for example 10')
    .max(10_000, 'must be at most 10000'),
});

/** What the control server needs. */
export interface ControlServerOptions {
  readonly port: number;
  readonly clock: SandboxClock;
  readonly scenarios: ScenarioRunner;
  /** Origins of pages that may send requests: those of the portal. */
  readonly portalUrls: readonly string[];
  /** What `GET /status` answers. */
  readonly status: () => unknown;
}

const requireJson: RequestHandler = (request, response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined ||
    Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !request.is('application/json')) {
    response.status(415).json({
      error: {
        name: 'InputError',
        message: "Send the body as JSON, with 'Content-Type: application/json'",
      },
    });
    return;
  }
  next();
};

const statusByName: Readonly<Record<string, number>> = {
  InputError: 400,
  NotAllowedError: 403,
  NotFoundError: 404,
  ConflictError: 409,
};

// Express knows an error handler by its four parameters.
const answerError: ErrorRequestHandler = (
  thrown,
  _request,
  response,
  _next,
) => {
  const error = isBadJson(thrown)
    ? new InputError(`The body is not JSON: ${thrown.message}`)
    : thrown;
  const { name, message } = toError(error);
  response.status(statusByName[name] ?? 500).json({ error: { name, message } });
};

/**
 * Starts the server that changes the sandbox while it runs: `GET /scenarios`,
 * `POST /scenarios/<name>`, `POST /speed`, `GET /status`.
 *
 * It needs no token, because it only listens on this machine; in exchange it
 * refuses what a page of another site could make a browser send.
 *
 * @throws ConflictError when the port is in use.
 */
export async function startControlServer(
  options: ControlServerOptions,
): Promise<LoopbackServer> {
  const { port, clock, scenarios, portalUrls, status } = options;
  const app = express();
  app.disable('x-powered-by');
  app.use(refuseForeigners(portalUrls));
  app.use(requireJson);
  app.use(express.json({ limit: '64kb' }));

  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/scenarios', (_request, response) => {
    response.json({ items: scenarios.list(), active: scenarios.active() });
  });
  router.post('/scenarios/:name', async (request, response) => {
    response.json(
      await scenarios.run({
        name: request.params.name,
        parameters: request.body,
      }),
    );
  });
  router.post('/speed', (request, response) => {
    const { speed } = parseInput({
      schema: speedBody,
      value: request.body,
      what: 'Speed',
    });
    clock.setSpeed(speed);
    response.json({ speed: clock.speed });
  });
  router.get('/status', (_request, response) => {
    response.json(status());
  });
  router.use((request, response) => {
    response.status(404).json({
      error: {
        name: 'NotFoundError',
        message: `There is no ${request.method} ${request.path}; there are GET /scenarios, POST /scenarios/<name>, POST /speed and GET /status`,
      },
    });
  });
  app.use(router);
  app.use(answerError);
  return listenOnLoopback({
    handler: app,
    port,
    purpose: 'the control server',
  });
}

/**
 * A page of another site can send requests here in two ways: under a name of
 * its own that resolves to this machine (the Host gives it away), or across
 * origins (the Origin does).
 */
function refuseForeigners(portalUrls: readonly string[]): RequestHandler {
  const portals = portalUrls.map(url => new URL(url).origin);
  return (request, _response, next) => {
    const { host = '', origin } = request.headers;
    if (!loopbackNames.includes(host.replace(/:\d+$/, '').toLowerCase())) {
      throw new NotAllowedError(
        `The control server answers to localhost, 127.0.0.1 and [::1] only, not to '${host}'`,
      );
    }
    if (
      origin !== undefined &&
      origin !== `http://${host}` &&
      !portals.includes(origin)
    ) {
      throw new NotAllowedError(
        `Pages of '${origin}' may not control the sandbox; use ./slipway scenario, or a page of the portal`,
      );
    }
    next();
  };
}

function isBadJson(error: unknown): error is Error {
  return isError(error) && error.type === 'entity.parse.failed';
}
