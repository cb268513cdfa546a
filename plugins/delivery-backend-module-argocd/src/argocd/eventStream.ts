import { createParser } from 'eventsource-parser';
import { ArgoCdError, isArgoCdError } from './ArgoCdError';

/**
 * The longest frame that is taken, in characters. An Application cannot be
 * larger than the 3 MB that the Kubernetes API accepts.
 */
const LONGEST_FRAME = 16 * 1024 * 1024;

/**
 * Reads server-sent events from a body until it ends, goes silent or is
 * aborted, and hands each one over in order.
 *
 * The parsing is done by `eventsource-parser`, a parser without a transport: an
 * `EventSource` would hide the status of a refused connection, cannot send a
 * token, reconnects on its own and does not show the keep-alive comments that
 * liveness is judged by.
 *
 * @throws ArgoCdError when the stream goes silent or sends something else than
 * events, and whatever `onData` throws. An end of the body is no error.
 */
export async function readEventStream(options: {
  body: AsyncIterable<Uint8Array>;
  /** Silence after which the connection counts as dead, in milliseconds. */
  silenceLimit: number;
  /** Called for every piece that arrives, keep-alive comments included. */
  onSignOfLife(): void;
  /** Called with the data of each event. */
  onData(data: string): void;
  /** Ends the connection, so that the body stops. */
  close(): void;
}): Promise<void> {
  const { body, silenceLimit, onSignOfLife, onData, close } = options;
  const decoder = new TextDecoder();
  let failure: ArgoCdError | undefined;
  const parser = createParser({
    maxBufferSize: LONGEST_FRAME,
    onEvent: event => onData(event.data),
    onError: error => {
      if (error.type === 'max-buffer-size-exceeded') {
        failure = new ArgoCdError({
          kind: 'unexpected-answer',
          message: 'The event stream sent an event that never ended',
        });
      }
    },
  });
  const watchdog = setTimeout(() => {
    failure = new ArgoCdError({
      kind: 'timeout',
      message: `The event stream was silent for ${Math.round(
        silenceLimit / 1000,
      )} seconds`,
    });
    close();
  }, silenceLimit);
  try {
    for await (const chunk of body) {
      watchdog.refresh();
      onSignOfLife();
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (failure) {
        throw failure;
      }
    }
  } catch (error) {
    throw failure ?? error;
  } finally {
    clearTimeout(watchdog);
    close();
  }
  if (isArgoCdError(failure)) {
    throw failure;
  }
}
