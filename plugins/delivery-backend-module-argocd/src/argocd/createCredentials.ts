import { isArgoCdError } from './ArgoCdError';
import { readErrorBody, readJson } from './answers';
import {
  CredentialSource,
  SessionCredentials,
  StaticCredentials,
} from './credentials';
import { describeNetworkError } from './describeNetworkError';
import { HttpConnection } from './HttpConnection';
import { toArgoCdError } from './toArgoCdError';
import { sessionSchema } from './wire';

/** What a backend proves to Argo CD who it is with. */
export type Credential =
  | { type: 'token'; token: string }
  | { type: 'login'; username: string; password: string };

/**
 * Where the tokens of an instance come from. One source serves all connections
 * to it, so that there is one login however many there are.
 */
export function createCredentials(options: {
  credential: Credential;
  url: string;
  ca?: string;
  /** Milliseconds that a login may take. */
  timeout: number;
}): CredentialSource {
  const { credential } = options;
  switch (credential.type) {
    case 'token':
      return StaticCredentials.create({ token: credential.token });
    case 'login':
      return SessionCredentials.create({
        login: () => logIn({ ...options, ...credential }),
        secrets: [credential.password],
      });
    default:
      return credential satisfies never;
  }
}

/** A connection of its own, because logins are as rare as a token ends. */
async function logIn(options: {
  url: string;
  ca?: string;
  username: string;
  password: string;
  timeout: number;
}): Promise<string> {
  const { url, ca, username, password, timeout } = options;
  const connection = HttpConnection.create({
    url,
    ca,
    connectTimeout: timeout,
    connections: 1,
    keepAlive: false,
  });
  try {
    const response = await connection.send({
      method: 'POST',
      parts: ['api', 'v1', 'session'],
      body: { username, password },
      signal: AbortSignal.timeout(timeout),
    });
    const { statusCode } = response;
    if (statusCode < 200 || statusCode >= 300) {
      const body = await readErrorBody(response);
      throw toArgoCdError({
        httpStatus: statusCode,
        code: body?.code,
        message: body?.message ?? body?.error,
        secrets: [password],
      });
    }
    return (await readJson(response, sessionSchema)).token;
  } catch (error) {
    throw isArgoCdError(error)
      ? error
      : describeNetworkError({ error, host: connection.host });
  } finally {
    await connection.close();
  }
}
