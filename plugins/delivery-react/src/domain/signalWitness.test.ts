import { createSignalWitness, SIGNAL_GRACE_MS } from './signalWitness';

describe('createSignalWitness', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('believes in signals until a change comes without one', () => {
    const witness = createSignalWitness();
    expect(witness.silent()).toBe(false);
    witness.changed(1, 2);
    expect(witness.silent()).toBe(false);
    jest.advanceTimersByTime(SIGNAL_GRACE_MS);
    expect(witness.silent()).toBe(true);
  });

  it('takes a change that was signalled for what it is', () => {
    const witness = createSignalWitness();
    witness.heard(2);
    witness.changed(1, 2);
    jest.advanceTimersByTime(SIGNAL_GRACE_MS);
    expect(witness.silent()).toBe(false);
  });

  it('gives a signal time to come after the read', () => {
    const witness = createSignalWitness();
    witness.changed(1, 2);
    jest.advanceTimersByTime(SIGNAL_GRACE_MS - 1);
    witness.heard(2);
    jest.advanceTimersByTime(1);
    expect(witness.silent()).toBe(false);
  });

  it('does not take an old signal for the one of a new change', () => {
    const witness = createSignalWitness();
    witness.heard(5);
    witness.changed(5, 6);
    jest.advanceTimersByTime(SIGNAL_GRACE_MS);
    expect(witness.silent()).toBe(true);
  });

  it('believes again once a signal comes, and says so', () => {
    const witness = createSignalWitness();
    const told = jest.fn();
    witness.subscribe(told);
    witness.changed(1, 2);
    jest.advanceTimersByTime(SIGNAL_GRACE_MS);
    witness.heard(3);
    expect(witness.silent()).toBe(false);
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('starts again with a read model that was reset', () => {
    const witness = createSignalWitness();
    witness.heard(500);
    witness.changed(500, 1);
    witness.changed(1, 2);
    jest.advanceTimersByTime(SIGNAL_GRACE_MS);
    expect(witness.silent()).toBe(true);
  });
});
