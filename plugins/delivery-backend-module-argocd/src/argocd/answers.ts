import { Dispatcher } from 'undici';
import { z } from 'zod';
import { ArgoCdError } from './ArgoCdError';
import { errorBodySchema } from './wire';

/**
 * The largest answer that is taken, in bytes: Argo CD's own limit for one
 * message (`ARGOCD_GRPC_MAX_SIZE_MB`).
 */
const LARGEST_ANSWER = 200 * 1024 * 1024;

/** As much of the body of an error as is looked at, in bytes. */
const LARGEST_ERROR = 64 * 1024;

/** An answer that is no answer of Argo CD's API. */
export function unexpected(message: string, httpStatus?: number): ArgoCdError {
  return new ArgoCdError({ kind: 'unexpected-answer', message, httpStatus });
}

/** The content type of an answer; empty when it has none. */
export function mediaType(response: Dispatcher.ResponseData): string {
  const header = response.headers['content-type'];
  return (Array.isArray(header) ? header[0] : header) ?? '';
}

/** Lets go of a body without reading it all. */
export async function discard(
  response: Dispatcher.ResponseData,
): Promise<undefined> {
  await response.body.dump({ limit: LARGEST_ERROR });
  return undefined;
}

/**
 * Reads a successful answer.
 *
 * @throws ArgoCdError when it is no JSON, not of that form, or too large
 */
export async function readJson<T extends z.ZodType>(
  response: Dispatcher.ResponseData,
  schema: T,
): Promise<z.output<T>> {
  await assertJson(response);
  const result = schema.safeParse(
    parseJson(await readText(response, LARGEST_ANSWER)),
  );
  if (!result.success) {
    const at = result.error.issues[0]?.path.join('.') || 'its root';
    throw unexpected(
      `The answer of Argo CD cannot be read at '${at}'`,
      response.statusCode,
    );
  }
  return result.data;
}

/**
 * Makes sure that a successful answer comes from an API.
 *
 * @throws ArgoCdError when it is a web page, for instance
 */
export async function assertJson(
  response: Dispatcher.ResponseData,
): Promise<void> {
  const type = mediaType(response);
  if (type.startsWith('application/json')) {
    return;
  }
  await discard(response);
  throw unexpected(
    type.startsWith('text/html')
      ? 'A web page answered instead of the API of Argo CD: check the URL, with the path of its --rootpath if it has one'
      : `What answered is not JSON but ${namedType(type)}`,
    response.statusCode,
  );
}

/** The name of a content type; a server may write anything there. */
export function namedType(type: string): string {
  const [, name] = /^([\w.+-]{1,40}\/[\w.+-]{1,40})(?:;|$)/.exec(type) ?? [];
  return name ? `'${name}'` : 'something else';
}

/** What an answer that is no success says; nothing where it is no JSON. */
export async function readErrorBody(
  response: Dispatcher.ResponseData,
): Promise<z.output<typeof errorBodySchema> | undefined> {
  return mediaType(response).startsWith('application/json')
    ? errorBodySchema.safeParse(
        parseJson(await readText(response, LARGEST_ERROR)),
      ).data
    : discard(response);
}

/** `undefined` for text that is not JSON, which no schema accepts. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(
  response: Dispatcher.ResponseData,
  limit: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > limit) {
      throw unexpected(
        'The answer of Argo CD is larger than it may be',
        response.statusCode,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
