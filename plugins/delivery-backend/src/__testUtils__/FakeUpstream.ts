import { createDeferred } from '@backstage/types';
import {
  ApplicationSink,
  ApplicationUpstream,
  ObservedApplication,
  UpstreamReport,
  UpstreamRunOptions,
} from '@slipway/plugin-delivery-node';

/**
 * What several replicas' fake upstreams look at: the applications there are,
 * and how the connection stands.
 */
export class FakeWorld {
  applications: ObservedApplication[] = [];
  report: UpstreamReport = { state: 'live' };
  readonly #changed = new Set<() => void>();

  /** Changes the world and lets whoever looks at it know. */
  change(apply: (world: FakeWorld) => void): void {
    apply(this);
    for (const changed of this.#changed) {
      changed();
    }
  }

  onChange(changed: () => void): () => void {
    this.#changed.add(changed);
    return () => this.#changed.delete(changed);
  }
}

/** An upstream that hands in the whole world each time that it changes. */
export class FakeUpstream implements ApplicationUpstream {
  readonly kind = 'fake';
  readonly title = 'Fake main';
  readonly instance = 'main';
  /** How often it was run. */
  runs = 0;
  /** The signal of the current run. */
  signal: AbortSignal | undefined;
  /** What it was told is stored. */
  known: ObservedApplication[] = [];
  /** The sink of the current run, to hand in whatever a test likes. */
  sink: ApplicationSink | undefined;
  readonly id: string;
  readonly #world: FakeWorld;

  constructor(world: FakeWorld, id = 'fake:main') {
    this.#world = world;
    this.id = id;
  }

  async run({ sink, known, signal }: UpstreamRunOptions): Promise<void> {
    this.runs++;
    this.signal = signal;
    this.known = known;
    this.sink = sink;
    let again = createDeferred();
    const wake = () => again.resolve();
    const stopListening = this.#world.onChange(wake);
    // A sign of life now and then, as from a real connection.
    const heartbeat = setInterval(wake, 100);
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        again = createDeferred();
        await sink.report(this.#world.report);
        if (this.#world.report.state === 'live') {
          await sink.upsert(this.#world.applications);
          await sink.retainOnly(this.#world.applications.map(({ id }) => id));
        }
        await again;
      }
    } finally {
      clearInterval(heartbeat);
      stopListening();
    }
  }
}
