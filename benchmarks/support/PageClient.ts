import { setTimeout as wait } from 'node:timers/promises';
import {
  DELIVERY_SIGNAL_CHANNEL,
  DeliverySignal,
} from '@slipway/plugin-delivery-common';

/** As the page collects hints, and as it polls; see `delivery-react`. */
const HINT_DELAY_MS = 100;
const POLL_MS = 60_000;

/**
 * An open fleet page without a browser: a socket for signals, and the page's own
 * request at the start, after each signal and once a minute.
 */
export class PageClient {
  readonly #socket: WebSocket;
  readonly #request: { url: URL; authorization: string };
  readonly #closing = new AbortController();
  #newest = 0;
  #refetching = false;
  /** Answers that it got. */
  reads = 0;

  static async open(options: {
    portalUrl: string;
    /** A request that a real page made, to be made again. */
    request: { url: string; authorization: string };
  }): Promise<PageClient> {
    const { portalUrl, request } = options;
    const socketUrl = new URL('/api/signals', portalUrl);
    socketUrl.protocol = 'ws:';
    const url = new URL(request.url);
    url.searchParams.delete('atLeast');
    const { authorization } = request;
    const client = new PageClient(
      new WebSocket(socketUrl, authorization.replace(/^Bearer /, '')),
      { url, authorization },
    );
    await client.#start();
    return client;
  }

  private constructor(
    socket: WebSocket,
    request: { url: URL; authorization: string },
  ) {
    this.#socket = socket;
    this.#request = request;
  }

  close(): void {
    this.#closing.abort();
    this.#socket.close();
  }

  async #start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.addEventListener('open', () => resolve());
      this.#socket.addEventListener('error', () =>
        reject(new Error('The signals backend refuses the socket')),
      );
    });
    this.#socket.addEventListener('message', ({ data }) => this.#hear(data));
    this.#socket.send(
      JSON.stringify({ action: 'subscribe', channel: DELIVERY_SIGNAL_CHANNEL }),
    );
    await this.#read(undefined);
    this.#poll();
  }

  #hear(data: unknown): void {
    const { channel, message } = JSON.parse(String(data)) as {
      channel: string;
      message: DeliverySignal;
    };
    if (channel === DELIVERY_SIGNAL_CHANNEL) {
      this.#newest = Math.max(this.#newest, message.version);
      this.#refetch();
    }
  }

  /** What comes in while a request is under way is one more request. */
  async #refetch(): Promise<void> {
    if (this.#refetching) {
      return;
    }
    this.#refetching = true;
    let reached = 0;
    while (reached < this.#newest && !this.#closing.signal.aborted) {
      await wait(HINT_DELAY_MS);
      reached = this.#newest;
      await this.#read(reached);
    }
    this.#refetching = false;
  }

  async #poll(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await wait(POLL_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) {
        await this.#read(undefined);
      }
    }
  }

  async #read(atLeast: number | undefined): Promise<void> {
    const url = new URL(this.#request.url);
    if (atLeast !== undefined) {
      url.searchParams.set('atLeast', String(atLeast));
    }
    try {
      const response = await fetch(url, {
        headers: { authorization: this.#request.authorization },
        signal: this.#closing.signal,
      });
      await response.arrayBuffer();
      this.reads += response.ok ? 1 : 0;
    } catch (error) {
      if (!this.#closing.signal.aborted) {
        process.stderr.write(`A page could not read: ${error}\n`);
      }
    }
  }
}
