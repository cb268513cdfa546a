import { DefaultSandboxClock } from './clock';

describe('DefaultSandboxClock', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function countingClock(options: { speed: number; delay: number }) {
    const clock = DefaultSandboxClock.create({ speed: options.speed });
    const run = jest.fn();
    const cancel = clock.schedule(options.delay, run);
    return { clock, run, cancel };
  }

  it('waits as long as asked at speed 1', () => {
    const { run } = countingClock({ speed: 1, delay: 10 });
    jest.advanceTimersByTime(9_900);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(200);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('waits a tenth as long at speed 10', () => {
    const { run } = countingClock({ speed: 10, delay: 10 });
    jest.advanceTimersByTime(990);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(20);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('lets a wait under way follow a change of speed', () => {
    const { clock, run } = countingClock({ speed: 1, delay: 100 });
    jest.advanceTimersByTime(50_000);
    clock.setSpeed(50);
    jest.advanceTimersByTime(900);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(200);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('lets a wait under way follow a slower speed, too', () => {
    const { clock, run } = countingClock({ speed: 10, delay: 100 });
    jest.advanceTimersByTime(5_000);
    clock.setSpeed(1);
    jest.advanceTimersByTime(49_000);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1_100);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('waits longer than a Node timer can hold', () => {
    const thirtyDays = 30 * 24 * 3600;
    const { run } = countingClock({ speed: 1, delay: thirtyDays });
    jest.advanceTimersByTime((thirtyDays - 60) * 1000);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(120_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('does not run what was cancelled', () => {
    const { clock, run, cancel } = countingClock({ speed: 1, delay: 1 });
    const other = jest.fn();
    clock.schedule(1, other);
    cancel();
    clock.cancelAll();
    jest.advanceTimersByTime(5_000);
    expect(run).not.toHaveBeenCalled();
    expect(other).not.toHaveBeenCalled();
  });

  it('shows the real date whatever the speed', () => {
    const clock = DefaultSandboxClock.create({ speed: 1000 });
    expect(clock.now().getTime()).toBe(Date.now());
  });

  it.each([0, -1, NaN, Infinity])('refuses the speed %p', speed => {
    const clock = DefaultSandboxClock.create();
    expect(() => clock.setSpeed(speed)).toThrow(/must be a number above 0/);
  });
});
