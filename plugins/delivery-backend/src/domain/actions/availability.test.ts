import { SyncOperation } from '@slipway/plugin-delivery-common';
import { ActingConditions, availabilityOf } from './availability';

const free: ActingConditions = {
  binding: { state: 'bound', by: 'configuration' },
  canAct: true,
  whyNoRevert: undefined,
  deleting: false,
};

const operation = (part: Partial<SyncOperation>): SyncOperation => ({
  phase: 'running',
  automated: false,
  dryRun: false,
  partial: false,
  ...part,
});

/** Code of what stands in the way of each action; none where nothing does. */
function obstacles(
  part: Partial<ActingConditions>,
  isPermitted: (action: string) => boolean = () => true,
) {
  return Object.fromEntries(
    availabilityOf({ conditions: { ...free, ...part }, isPermitted }).map(
      ({ action, available, code }) => [action, available ? 'ok' : code],
    ),
  );
}

describe('what can be done with a deployment', () => {
  it('is everything but to end a sync, where none is under way', () => {
    expect(obstacles({})).toEqual({
      sync: 'ok',
      refresh: 'ok',
      'hard-refresh': 'ok',
      terminate: 'delivery.no-operation',
      revert: 'ok',
    });
  });

  it('is nothing where the platform does not say whose it is, with what to do', () => {
    const found = availabilityOf({
      conditions: {
        ...free,
        binding: { state: 'unbound', reason: 'Annotate the application.' },
      },
      isPermitted: () => true,
    });
    expect(found).toHaveLength(5);
    for (const one of found) {
      expect(one).toMatchObject({
        available: false,
        code: 'delivery.unbound',
        reason: 'Annotate the application.',
      });
    }
  });

  it('is nothing where the portal may only read', () => {
    expect(new Set(Object.values(obstacles({ canAct: false })))).toEqual(
      new Set(['delivery.read-only']),
    );
  });

  it('is what the person may do, and says so before anything else', () => {
    expect(
      obstacles({ canAct: false }, action => action === 'refresh'),
    ).toMatchObject({
      sync: 'delivery.action-not-allowed',
      refresh: 'delivery.read-only',
    });
  });

  it.each(['queued', 'running', 'retrying'] as const)(
    'B4, B5, B6: is to end a sync that is %s, and not to begin another',
    phase => {
      expect(obstacles({ operation: operation({ phase }) })).toEqual({
        sync: 'delivery.operation-in-progress',
        refresh: 'ok',
        'hard-refresh': 'ok',
        terminate: 'ok',
        revert: 'delivery.operation-in-progress',
      });
    },
  );

  it('B4: names the way out where a sync waits for a paused canary', () => {
    const [sync] = availabilityOf({
      conditions: {
        ...free,
        operation: operation({
          message: 'waiting for healthy state of argoproj.io/Rollout/checkout',
        }),
      },
      isPermitted: () => true,
    });
    expect(sync.reason).toBe(
      'A sync is under way. It says: waiting for healthy state of argoproj.io/Rollout/checkout. Wait until it is over, or end it.',
    );
  });

  it('is not to end what is being ended, or is over', () => {
    expect(
      obstacles({ operation: operation({ phase: 'terminating' }) }).terminate,
    ).toBe('delivery.operation-in-progress');
    expect(
      obstacles({ operation: operation({ phase: 'failed' }) }),
    ).toMatchObject({ sync: 'ok', terminate: 'delivery.no-operation' });
  });

  it('is not to change what the portal itself is changing, or what is being deleted', () => {
    expect(obstacles({ ownAction: 'Ada has asked to sync it.' })).toMatchObject(
      {
        sync: 'delivery.operation-in-progress',
        revert: 'delivery.operation-in-progress',
        refresh: 'ok',
      },
    );
    expect(obstacles({ deleting: true })).toMatchObject({
      sync: 'delivery.upstream-refused',
      refresh: 'ok',
    });
  });

  it('is no revert where git cannot be written to', () => {
    expect(obstacles({ whyNoRevert: 'No credential.' })).toMatchObject({
      sync: 'ok',
      revert: 'delivery.nothing-to-revert',
    });
  });
});
