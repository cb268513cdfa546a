import type { Writable } from 'node:stream';
import { Health } from '../cluster';
import { JsonObject } from '../kustomize';
import { Applications, nameOf, nameText } from './controller/applications';
import { ArgoCdError } from './errors';
import { presentApplication } from './present';
import { projectByPrefix } from './projection';
import { Application, APPLICATION } from './wire';

/** Wall-clock milliseconds between two keep-alive comments. */
const KEEP_ALIVE = 15_000;
/** Events that wait for a slow client before newer ones are lost (A19). */
const BUFFER = 1000;

/** What a client of the stream wants to hear. */
export interface StreamFilter {
  accepts(application: Application): boolean;
  readonly fields: string | undefined;
  /** Replay what is there first. */
  readonly replay: boolean;
  /** Events with a smaller resourceVersion are dropped. */
  readonly minimumVersion: number;
}

/** What a stream needs of an HTTP response. */
export interface StreamResponse extends Writable {
  status(code: number): unknown;
  setHeader(name: string, value: string): unknown;
  flushHeaders(): void;
}

interface Subscriber {
  readonly response: StreamResponse;
  readonly filter: StreamFilter;
  readonly events: boolean;
  /** Last payload by application name alone, as upstream has it. */
  readonly last: Map<string, string>;
  readonly waiting: string[];
  keepAlive: ReturnType<typeof setInterval> | undefined;
  live: boolean;
}

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** The stream of application events, `/api/v1/stream/applications`. */
export class StreamHub {
  static create(applications: Applications): StreamHub {
    return new StreamHub(applications);
  }

  readonly #applications: Applications;
  readonly #subscribers = new Set<Subscriber>();
  /** Health at the last look, for the farewell of a deleted application. */
  readonly #healths = new Map<string, ReadonlyMap<string, Health>>();

  private constructor(applications: Applications) {
    this.#applications = applications;
    applications.cluster.store.onEvent(({ type, object }) => {
      const isApplication =
        object.kind === APPLICATION.kind &&
        object.apiVersion.startsWith(`${APPLICATION.group}/`);
      if (isApplication) this.#publish(type, object as Application);
    });
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** Serves one client until it goes or is cut. */
  subscribe(options: {
    response: StreamResponse;
    filter: StreamFilter;
    /** Whether the client asked for server-sent events. */
    events: boolean;
  }): void {
    const { response, filter, events } = options;
    const subscriber: Subscriber = {
      response,
      filter,
      events,
      last: new Map(),
      waiting: [],
      keepAlive: undefined,
      live: false,
    };
    response.status(200);
    response.setHeader(
      'Content-Type',
      events ? 'text/event-stream' : 'application/json',
    );
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.flushHeaders();
    this.#subscribers.add(subscriber);
    response.on('close', () => this.#forget(subscriber));
    response.on('drain', () => this.#drain(subscriber));
    if (events) {
      subscriber.keepAlive = setInterval(
        () => response.write(':\n'),
        KEEP_ALIVE,
      );
      subscriber.keepAlive.unref();
    }
    if (filter.replay) {
      for (const application of this.#applications.list()) {
        this.#send(subscriber, 'ADDED', application);
      }
    }
    // As upstream: the subscription is made after the replay, and what
    // happens in between is lost. Clients list again now and then.
    setImmediate(() => {
      subscriber.live = true;
    });
  }

  /** Ends every stream, abruptly or with an error inside it. */
  cut(error?: ArgoCdError): void {
    for (const subscriber of [...this.#subscribers]) {
      const { response } = subscriber;
      if (error) {
        response.end(
          frame(JSON.stringify(error.toStreamBody()), subscriber.events),
        );
      } else {
        response.destroy();
      }
      this.#forget(subscriber);
    }
  }

  #publish(type: EventType, application: Application): void {
    const id = nameText(nameOf(application));
    const known = this.#applications.healths.get(id);
    if (known) this.#healths.set(id, known);
    for (const subscriber of this.#subscribers) {
      if (subscriber.live) this.#send(subscriber, type, application);
    }
    if (type === 'DELETED') this.#healths.delete(id);
  }

  #send(
    subscriber: Subscriber,
    type: EventType,
    application: Application,
  ): void {
    const { filter, events, last } = subscriber;
    const version = Number(application.metadata.resourceVersion);
    if (version < filter.minimumVersion) return;
    if (!filter.accepts(application)) return;
    const id = nameText(nameOf(application));
    const result: JsonObject = {
      type,
      application: presentApplication(application, {
        healths: this.#applications.healths.get(id) ?? this.#healths.get(id),
      }),
    };
    const message: JsonObject = { result };
    const payload = JSON.stringify(
      filter.fields ? projectByPrefix(message, filter.fields) : message,
    );
    const { name } = application.metadata;
    if (last.get(name) === payload) return;
    last.set(name, payload);
    this.#write(subscriber, frame(payload, events));
  }

  #write(subscriber: Subscriber, text: string): void {
    const { response, waiting } = subscriber;
    if (waiting.length > 0 || response.writableNeedDrain) {
      if (waiting.length < BUFFER || !subscriber.live) waiting.push(text);
      return;
    }
    response.write(text);
  }

  #drain(subscriber: Subscriber): void {
    const { response, waiting } = subscriber;
    while (waiting.length > 0 && !response.writableNeedDrain) {
      response.write(waiting.shift());
    }
  }

  #forget(subscriber: Subscriber): void {
    clearInterval(subscriber.keepAlive);
    this.#subscribers.delete(subscriber);
  }
}

/** One message in the framing that the client asked for. */
function frame(json: string, events: boolean): string {
  return events ? `data: ${json} \n\n\n` : `${json}\n`;
}
