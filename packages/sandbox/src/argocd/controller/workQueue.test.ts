import { RefreshLevel, WorkQueue } from './workQueue';

function setup() {
  const queue = WorkQueue.create();
  return {
    queue,
    add: (name: string, level: RefreshLevel, urgent: boolean) =>
      queue.add({ name: { namespace: 'argocd', name }, level }, { urgent }),
    drain: () => {
      const taken: string[] = [];
      for (let item = queue.take(); item; item = queue.take()) {
        taken.push(`${item.name.name} ${item.level}`);
      }
      return taken;
    },
  };
}

describe('WorkQueue', () => {
  it('gives what is urgent first, and each kind in its order', () => {
    const { add, drain } = setup();
    add('a', 'normal', false);
    add('b', 'live', true);
    add('c', 'normal', false);
    add('d', 'normal', true);
    expect(drain()).toEqual(['b live', 'd normal', 'a normal', 'c normal']);
  });

  it('holds an application once, at the higher level and urgency', () => {
    const { queue, add, drain } = setup();
    add('a', 'normal', false);
    add('b', 'hard', false);
    add('b', 'live', true);
    add('a', 'hard', false);
    add('b', 'normal', false);
    expect(queue.size).toBe(2);
    expect(drain()).toEqual(['b hard', 'a hard']);
    expect(queue.size).toBe(0);
  });
});
