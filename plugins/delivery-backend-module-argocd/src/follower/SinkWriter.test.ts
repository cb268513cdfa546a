import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { RecordingSink } from '../__testUtils__/RecordingSink';
import { anApplication } from '../__testUtils__/objects';
import { applicationSchema } from '../argocd/wire';
import { toApplicationSummary } from '../domain/applicationSummary';
import { applySummary } from '../domain/observedApplication';
import { SinkWriter } from './SinkWriter';

function observed(name: string, project = 'payments'): ObservedApplication {
  const summary = toApplicationSummary(
    applicationSchema.parse(
      anApplication({ metadata: { name }, spec: { project } }),
    ),
    { instance: 'main', pageUrl: 'https://argocd.example.com' },
  );
  return applySummary({ previous: undefined, summary, outdated: false });
}

function writerTo(sink: RecordingSink, onFailure = jest.fn()) {
  return SinkWriter.create({
    sink,
    batchSize: 200,
    batchInterval: 5,
    onFailure,
  });
}

describe('SinkWriter', () => {
  it('hands 10,000 applications over in batches', async () => {
    const sink = new RecordingSink();
    const writer = writerTo(sink);
    for (let i = 0; i < 10_000; i += 1) {
      writer.upsert(observed(`app-${i}`));
    }
    await writer.drain();
    expect(sink.applications.size).toBe(10_000);
    expect(sink.upserts).toHaveLength(50);
    expect(Math.max(...sink.upserts.map(batch => batch.length))).toBe(200);
  });

  it('lets only the latest of an application wait for a slow database', async () => {
    const sink = new RecordingSink();
    let release: () => void = () => {};
    sink.before = () =>
      new Promise<void>(resolve => {
        release = resolve;
      });
    const writer = writerTo(sink);
    writer.upsert(observed('a', 'first'));
    void writer.drain();
    await new Promise(resolve => setImmediate(resolve));
    for (let i = 0; i < 1_000; i += 1) {
      writer.upsert(observed('a', `later-${i}`));
    }
    sink.before = undefined;
    release();
    await writer.drain();
    expect(sink.upserts.map(([{ project }]) => project)).toEqual([
      'first',
      'later-999',
    ]);
  });

  it('keeps the order of a removal and what comes after it', async () => {
    const sink = new RecordingSink();
    const writer = writerTo(sink);
    writer.upsert(observed('a'));
    writer.remove(observed('a').id);
    await writer.drain();
    expect(sink.applications.size).toBe(0);
    writer.remove(observed('a').id);
    writer.upsert(observed('a'));
    await writer.drain();
    expect(sink.applications.size).toBe(1);
  });

  it('writes what came before a sweep before it', async () => {
    const sink = new RecordingSink();
    const writer = writerTo(sink);
    writer.upsert(observed('a'));
    writer.upsert(observed('b'));
    await writer.retainOnly([observed('b').id]);
    expect([...sink.applications.keys()]).toEqual(['main/argocd/b']);
  });

  it('stops at the first error of the sink and hands it on once', async () => {
    const sink = new RecordingSink();
    const onFailure = jest.fn();
    const writer = writerTo(sink, onFailure);
    const error = new Error('no database');
    sink.before = async () => {
      throw error;
    };
    writer.upsert(observed('a'));
    await writer.drain();
    writer.upsert(observed('b'));
    await writer.report({ state: 'live' });
    await writer.drain();
    expect(onFailure.mock.calls).toEqual([[error]]);
    expect(sink.upserts).toEqual([]);
    expect(sink.reports).toEqual([]);
  });

  it('does not pile up signs of life', async () => {
    const sink = new RecordingSink();
    const writer = writerTo(sink);
    for (let i = 0; i < 100; i += 1) {
      writer.alive();
    }
    await writer.drain();
    expect(sink.reports).toEqual([{ state: 'live' }]);
    writer.alive();
    await writer.drain();
    expect(sink.reports).toHaveLength(2);
  });
});
