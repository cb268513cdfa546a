import { ServerResponse } from 'node:http';
import { error, FakeArgoCd, json, notFound, SeenRequest } from './FakeArgoCd';
import { Json } from './objects';

/** Answers sync, terminate and refresh as Argo CD does, check by check. */
export function answerAct(options: {
  fake: FakeArgoCd;
  request: SeenRequest;
  response: ServerResponse;
  path: string;
}): void {
  const { fake, request, response, path } = options;
  const { method } = request;
  if (
    method !== 'GET' &&
    request.headers['content-type'] !== 'application/json'
  ) {
    response.writeHead(415, { 'content-type': 'text/plain' });
    response.end('Invalid content type');
    return;
  }
  const [name, what] = path
    .replace('/api/v1/applications/', '')
    .split('/')
    .map(decodeURIComponent);
  const body: Json = request.body ? JSON.parse(request.body) : {};
  const wanted = body.project ?? request.query.get('project') ?? undefined;
  const application = fake.find({
    name,
    namespace:
      body.appNamespace ?? request.query.get('appNamespace') ?? undefined,
    project: wanted,
  });
  if (!application) {
    notFound(response, wanted);
  } else if (method === 'POST' && what === 'sync') {
    sync({ fake, request, response, application, body });
  } else if (!fake.mayAct(request) && method !== 'GET') {
    denied(response);
  } else if (method === 'DELETE' && what === 'operation') {
    terminate({ fake, response, application });
  } else if (method === 'GET' && what === undefined) {
    json(response, 200, application);
  } else {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not Found');
  }
}

function denied(response: ServerResponse): void {
  error(
    response,
    403,
    7,
    'permission denied: applications, sync, payments/checkout, sub: portal-read, iat: 5',
  );
}

function sync(options: {
  fake: FakeArgoCd;
  request: SeenRequest;
  response: ServerResponse;
  application: Json;
  body: Json;
}): void {
  const { fake, request, response, application, body } = options;
  if (fake.windows.canSync === false) {
    // Asked before the permission, as upstream does.
    error(response, 403, 7, 'cannot sync: blocked by sync window');
  } else if (!fake.mayAct(request)) {
    denied(response);
  } else if (application.operation) {
    error(response, 400, 9, 'another operation is already in progress');
  } else {
    fake.put({
      ...application,
      operation: {
        sync: {
          revision: application.status.sync.revision,
          dryRun: body.dryRun,
          prune: body.prune,
          syncOptions:
            body.syncOptions?.items ?? application.spec.syncPolicy.syncOptions,
        },
        info: body.infos,
        initiatedBy: { username: 'portal-act' },
      },
      status: { ...application.status, operationState: undefined },
    });
    json(response, 200, application);
  }
}

function terminate(options: {
  fake: FakeArgoCd;
  response: ServerResponse;
  application: Json;
}): void {
  const { fake, response, application } = options;
  const { operationState } = application.status;
  if (!application.operation || !operationState) {
    error(
      response,
      400,
      3,
      'Unable to terminate operation. No operation is in progress',
    );
    return;
  }
  fake.put({
    ...application,
    status: {
      ...application.status,
      operationState: { ...operationState, phase: 'Terminating' },
    },
  });
  json(response, 200, {});
}
