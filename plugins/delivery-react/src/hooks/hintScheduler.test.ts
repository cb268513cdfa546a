import { createHintScheduler, HINT_DELAY_MS } from './hintScheduler';

describe('createHintScheduler', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('makes one refetch of the newest version out of a burst', async () => {
    const refetch = jest.fn(async () => {});
    const scheduler = createHintScheduler({ refetch });
    [3, 5, 4].forEach(version => scheduler.hint(version));
    await jest.advanceTimersByTimeAsync(HINT_DELAY_MS);
    expect(refetch.mock.calls).toEqual([[5]]);
  });

  it('is not put off for ever by a stream of hints', async () => {
    const refetch = jest.fn(async () => {});
    const scheduler = createHintScheduler({ refetch });
    for (let version = 1; version <= 10; version++) {
      scheduler.hint(version);
      await jest.advanceTimersByTimeAsync(HINT_DELAY_MS / 2);
    }
    expect(refetch.mock.calls.length).toBeGreaterThan(3);
  });

  it('lets a slow refetch end before the next one starts', async () => {
    let finish = () => {};
    const refetch = jest.fn(
      () => new Promise<void>(resolve => (finish = resolve)),
    );
    const scheduler = createHintScheduler({ refetch });
    scheduler.hint(1);
    await jest.advanceTimersByTimeAsync(HINT_DELAY_MS);
    scheduler.hint(2);
    await jest.advanceTimersByTimeAsync(10 * HINT_DELAY_MS);
    expect(refetch.mock.calls).toEqual([[1]]);
    finish();
    await jest.advanceTimersByTimeAsync(HINT_DELAY_MS);
    expect(refetch.mock.calls).toEqual([[1], [2]]);
  });

  it('forgets what waits when nobody looks any more', async () => {
    const refetch = jest.fn(async () => {});
    const scheduler = createHintScheduler({ refetch });
    scheduler.hint(1);
    scheduler.dispose();
    await jest.advanceTimersByTimeAsync(10 * HINT_DELAY_MS);
    expect(refetch).not.toHaveBeenCalled();
  });
});
