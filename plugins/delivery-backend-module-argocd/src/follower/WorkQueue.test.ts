import { WorkQueue } from './WorkQueue';

/** Work that ends when it is told to. */
function held() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    work: (key: string) => {
      begun.push(key);
      return new Promise<void>(resolve => ends.set(key, resolve));
    },
    async end(key: string) {
      ends.get(key)?.();
      await new Promise(resolve => setImmediate(resolve));
    },
  };
}

describe('WorkQueue', () => {
  it('never does more at once than it may', async () => {
    const { begun, work, end } = held();
    const queue = WorkQueue.create({ concurrency: 2, work });
    for (const key of ['a', 'b', 'c']) {
      queue.add(key, { urgent: false });
    }
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('does a key once, however often it was added while it waited', async () => {
    const { begun, work, end } = held();
    const queue = WorkQueue.create({ concurrency: 1, work });
    for (const key of ['a', 'b', 'b', 'b', 'c']) {
      queue.add(key, { urgent: false });
    }
    expect(queue.size).toBe(3);
    await end('a');
    await end('b');
    await end('c');
    expect(begun).toEqual(['a', 'b', 'c']);
    expect(queue.size).toBe(0);
  });

  it('does a key once more, and not twice at once, when it was added meanwhile', async () => {
    const { begun, work, end } = held();
    const queue = WorkQueue.create({ concurrency: 3, work });
    queue.add('a', { urgent: false });
    queue.add('a', { urgent: false });
    queue.add('a', { urgent: false });
    expect(begun).toEqual(['a']);
    await end('a');
    expect(begun).toEqual(['a', 'a']);
    await end('a');
    expect(begun).toEqual(['a', 'a']);
    expect(queue.has('a')).toBe(false);
  });

  it('does what is urgent first, and keeps it urgent', async () => {
    const { begun, work, end } = held();
    const queue = WorkQueue.create({ concurrency: 1, work });
    for (const key of ['a', 'b', 'c', 'd']) {
      queue.add(key, { urgent: false });
    }
    queue.add('d', { urgent: true });
    queue.add('d', { urgent: false });
    await end('a');
    await end('d');
    expect(begun).toEqual(['a', 'd', 'b']);
  });

  it('forgets what waits', async () => {
    const { begun, work, end } = held();
    const queue = WorkQueue.create({ concurrency: 1, work });
    queue.add('a', { urgent: false });
    queue.add('b', { urgent: true });
    queue.clear();
    await end('a');
    expect(begun).toEqual(['a']);
    queue.add('b', { urgent: false });
    expect(begun).toEqual(['a', 'b']);
  });
});
