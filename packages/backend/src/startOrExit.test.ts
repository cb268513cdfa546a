import { Backend, startOrExit } from './startOrExit';

function watched(backend: Backend) {
  const exits: number[] = [];
  const said: string[] = [];
  const done = startOrExit(backend, {
    exit: status => exits.push(status),
    say: text => said.push(text),
    longestStop: 50,
  });
  return { exits, said, done };
}

const badConfig = new Error('delivery.poll: is not a duration');

describe('a backend', () => {
  it('runs on when it started', async () => {
    const stop = jest.fn();
    const { exits, said, done } = watched({ start: async () => {}, stop });
    await done;
    expect({ exits, said }).toEqual({ exits: [], said: [] });
    expect(stop).not.toHaveBeenCalled();
  });

  it('stops what did start, says why and ends with status 1 when it cannot start', async () => {
    const order: string[] = [];
    const { exits, said, done } = watched({
      start: async () => {
        throw badConfig;
      },
      stop: async () => {
        order.push('stopped');
      },
    });
    await done;
    expect(order).toEqual(['stopped']);
    expect(said).toEqual(['delivery.poll: is not a duration\n']);
    expect(exits).toEqual([1]);
  });

  it.each<[string, () => Promise<void>]>([
    ['fails', async () => Promise.reject(new Error('no database'))],
    ['never ends', () => new Promise(() => {})],
  ])('ends even if stopping %s', async (_, stop) => {
    const { exits, done } = watched({
      start: async () => {
        throw badConfig;
      },
      stop,
    });
    await done;
    expect(exits).toEqual([1]);
  });
});
