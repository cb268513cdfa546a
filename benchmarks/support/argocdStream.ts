import { EventSourceParserStream } from 'eventsource-parser/stream';

/** What of an event of Argo CD's application stream is used here. */
export type ApplicationEvent = {
  name: string;
  /** The commit that the application is compared with. */
  revision?: string;
  /** When it arrived: milliseconds since 1970, with fractions. */
  arrivedAt: number;
};

/**
 * Now, in milliseconds since 1970 with fractions. Pages of a browser on this
 * machine count from the same system clock.
 */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * Listens to Argo CD's stream as another client beside the portal, so that the
 * moment in which an event leaves is known.
 */
export async function followArgoCd(options: {
  url: string;
  token: string;
  signal: AbortSignal;
  onEvent: (event: ApplicationEvent) => void;
}): Promise<void> {
  const { url, token, signal, onEvent } = options;
  const response = await fetch(`${url}/api/v1/stream/applications`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    signal,
  });
  if (!response.ok || !response.body) {
    throw new Error(`Argo CD answered ${response.status} to the stream`);
  }
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  (async () => {
    for await (const { data } of events) {
      const arrivedAt = preciseNow();
      const { application } = (
        JSON.parse(data) as {
          result: {
            application: {
              metadata: { name: string };
              status?: { sync?: { revision?: string } };
            };
          };
        }
      ).result;
      onEvent({
        name: application.metadata.name,
        revision: application.status?.sync?.revision,
        arrivedAt,
      });
    }
  })().catch(error => {
    if (!signal.aborted) {
      process.stderr.write(`The stream of Argo CD ended: ${error}\n`);
    }
  });
}
