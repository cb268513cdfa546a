import { connect, Socket } from 'node:net';
import {
  Answer,
  applicationManifest,
  Harness,
  overlay,
  REPO,
  service,
  startHarness,
  tree,
  until,
} from './__testUtils__/harness';

const files = {
  ...tree({
    checkout: applicationManifest({
      name: 'checkout-dev',
      path: 'apps/checkout/overlays/dev',
      automated: { prune: true, selfHeal: false },
    }),
  }),
  ...service({ name: 'checkout', tag: '1.0.0' }),
};

/** A raw client, so that framing is seen byte by byte. */
class RawStream {
  text = '';
  closed = false;
  readonly #socket: Socket;

  constructor(options: {
    url: string;
    token: string;
    query?: string;
    accept?: string;
  }) {
    const { url, token, query = '', accept = 'text/event-stream' } = options;
    const { port } = new URL(url);
    this.#socket = connect({ host: '127.0.0.1', port: Number(port) });
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', data => {
      this.text += data;
    });
    this.#socket.on('close', () => {
      this.closed = true;
    });
    this.#socket.on('error', () => {
      this.closed = true;
    });
    this.#socket.write(
      [
        `GET /api/v1/stream/applications${query} HTTP/1.1`,
        `Host: localhost:${port}`,
        `Authorization: Bearer ${token}`,
        `Accept: ${accept}`,
        '',
        '',
      ].join('\r\n'),
    );
  }

  get head(): string {
    return this.text.split('\r\n\r\n')[0];
  }

  /** Bodies of the frames so far, out of their HTTP chunks. */
  get events(): Answer[] {
    return [...this.text.matchAll(/data: (\{.*\}) \n\n\n/g)].map(([, data]) =>
      JSON.parse(data),
    );
  }

  get types(): string[] {
    return this.events.map(
      ({ result }) => `${result.type} ${result.application.metadata.name}`,
    );
  }

  close(): void {
    this.#socket.destroy();
  }
}

describe('the stream of applications', () => {
  let harness: Harness;
  let token: string;
  const streams: RawStream[] = [];

  beforeEach(async () => {
    harness = await startHarness({ files });
    token = await harness.argocd.issueToken('portal-read');
  });
  afterEach(async () => {
    streams.splice(0).forEach(stream => stream.close());
    await harness.close();
  });

  function open(options: { query?: string; accept?: string } = {}): RawStream {
    const stream = new RawStream({
      url: harness.argocd.url,
      token,
      ...options,
    });
    streams.push(stream);
    return stream;
  }

  /** Opens a stream and waits for its replay: both applications, or fewer. */
  async function opened(query = '', replayed = 2): Promise<RawStream> {
    const stream = open({ query });
    await until(
      () => stream.events.length,
      count => count >= replayed,
    );
    // The subscription is made in the turn after the replay.
    await new Promise(resolve => setTimeout(resolve, 20));
    return stream;
  }

  it('A14: replays every application as ADDED, then what happens', async () => {
    const stream = await opened();
    expect(stream.head).toMatch(/200 OK/);
    expect(stream.head).toMatch(/content-type: text\/event-stream/i);
    expect(stream.types).toEqual(['ADDED checkout-dev', 'ADDED root']);
    harness.repositories.commit({
      repoUrl: REPO,
      files: overlay({ name: 'checkout', tag: '2.0.0' }),
    });
    await until(
      () => stream.events,
      events =>
        events.some(
          ({ result }) =>
            result.application.status?.summary?.images?.[0] ===
              'shop/checkout:2.0.0' &&
            result.application.status.health.status === 'Healthy',
        ),
    );
    const last = stream.events.pop().result;
    expect(last.type).toBe('MODIFIED');
    expect(last.application.apiVersion).toBeUndefined();
  });

  it('fills in the health of resources', async () => {
    const stream = await opened();
    const [{ result }] = stream.events;
    expect(
      result.application.status.resources.find(
        (resource: { kind: string }) => resource.kind === 'Deployment',
      ).health.status,
    ).toBe('Healthy');
  });

  it('A15: replays nothing for a resourceVersion, and filters by it', async () => {
    const list = await harness.call('/api/v1/applications');
    const { resourceVersion } = list.body.metadata;
    const stream = open({ query: `?resourceVersion=${resourceVersion}` });
    await until(
      () => stream.head,
      head => head.includes('200 OK'),
    );
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(stream.events).toEqual([]);
    await harness.call('/api/v1/applications/checkout-dev?refresh=normal');
    await until(
      () => stream.types,
      types => types.includes('MODIFIED checkout-dev'),
    );
  });

  it('A12: empties spec.source when spec.sources is asked for', async () => {
    const stream = await opened(
      '?fields=result.type,result.application.metadata.name,result.application.spec.sources',
    );
    expect(stream.events[0]).toEqual({
      result: {
        type: 'ADDED',
        application: {
          // The same quirk: "namespace" starts with "name".
          metadata: { name: 'checkout-dev', namespace: 'argocd' },
          spec: { source: {} },
        },
      },
    });
  });

  it('suppresses payloads that are equal to the one before', async () => {
    const stream = await opened(
      '?fields=result.application.metadata.name,result.application.status.sync.status',
    );
    const before = stream.events.length;
    await harness.call('/api/v1/applications/checkout-dev?refresh=normal');
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(stream.events.length).toBe(before);
  });

  it('A18: sends the last state with DELETED', async () => {
    const stream = await opened('?name=checkout-dev', 1);
    await harness.argocd.deleteApplication({ application: 'checkout-dev' });
    const seen = await until(
      () => stream.events,
      events => events.some(({ result }) => result.type === 'DELETED'),
    );
    const { result } = seen.find(event => event.result.type === 'DELETED')!;
    expect(result.application.status.health.status).toBe('Healthy');
  });

  it('A16: speaks lines of JSON without the header', async () => {
    const stream = open({ accept: '*/*' });
    const text = await until(
      () => stream.text,
      seen => seen.includes('"root"'),
    );
    expect(stream.head).toMatch(/content-type: application\/json/i);
    expect(text).not.toContain('data: ');
  });

  it('A16: sends a comment every 15 seconds', async () => {
    const spy = jest.spyOn(global, 'setInterval');
    const stream = await opened();
    const [beat] = spy.mock.calls.filter(([, every]) => every === 15_000);
    expect(beat).toBeDefined();
    (beat[0] as () => void)();
    await until(
      () => stream.text,
      text => /\r\n:\n\r\n/.test(text),
    );
    spy.mockRestore();
  });

  it('A17: answers 401 before the stream begins, and outlives its token', async () => {
    const alive = await opened();
    harness.argocd.faults.expireTokens();
    const refused = open();
    await until(
      () => refused.head,
      head => head.includes('401'),
    );
    expect(refused.text).toContain('"code":16');
    harness.repositories.commit({
      repoUrl: REPO,
      files: overlay({ name: 'checkout', tag: '3.0.0' }),
    });
    await until(
      () => alive.types,
      types => types.includes('MODIFIED checkout-dev'),
    );
  });

  it('is cut for as long as the scenario says', async () => {
    const stream = await opened();
    harness.argocd.faults.cutStreams({ forSeconds: 0.3 });
    await until(
      () => stream.closed,
      closed => closed,
    );
    const refused = open();
    await until(
      () => refused.head,
      head => head.includes('503'),
    );
    expect(harness.argocd.faults.status().streamsCutUntil).toBeDefined();
    await new Promise(resolve => setTimeout(resolve, 350));
    await opened();
  });
});
