import { anApplication, Json, sha } from '../__testUtils__/objects';
import { applicationSchema } from '../argocd/wire';
import { toHistory } from './history';
import { toOperation } from './operation';
import { isVerified } from './verified';

function operationOf(parts: Json) {
  return toOperation(applicationSchema.parse(anApplication(parts)));
}

function stateOf(operationState: Json | undefined) {
  return operationOf({ status: { operationState } });
}

describe('the operation of an application', () => {
  it('is none when there never was one', () => {
    expect(stateOf(undefined)).toBeUndefined();
  });

  it('B5: is being retried while it runs and has an end', () => {
    expect(stateOf({ phase: 'Running' })?.phase).toBe('retrying');
    expect(stateOf({ phase: 'Running', finishedAt: undefined })?.phase).toBe(
      'running',
    );
  });

  it('B6: is queued until the controller begins with it', () => {
    const operation = {
      initiatedBy: { username: 'ada' },
      sync: { revision: sha('b'), dryRun: true, resources: [{ name: 'a' }] },
    };
    const queued = {
      phase: 'queued',
      initiatedBy: 'ada',
      automated: false,
      dryRun: true,
      partial: true,
      revisions: [sha('b')],
    };
    // The state of the sync before is still there, or already gone.
    expect(operationOf({ operation })).toEqual(queued);
    expect(
      operationOf({ operation, status: { operationState: undefined } }),
    ).toEqual(queued);
  });

  it('B6: runs once the controller has begun, although it is still asked for', () => {
    expect(
      operationOf({
        operation: { sync: { revision: sha('b') } },
        status: { operationState: { phase: 'Running', finishedAt: undefined } },
      })?.phase,
    ).toBe('running');
  });

  it.each([
    ['Succeeded', 'succeeded'],
    ['Failed', 'failed'],
    ['Error', 'failed'],
    ['Terminating', 'terminating'],
    ['Perplexed', 'failed'],
  ])('takes %s for %s', (phase, expected) => {
    expect(stateOf({ phase })?.phase).toBe(expected);
  });

  it('claims no success for a phase that it does not know', () => {
    expect(stateOf({ phase: 'Perplexed', finishedAt: undefined })?.phase).toBe(
      'running',
    );
  });

  it('says who asked for it, or that nobody did', () => {
    expect(
      stateOf({
        operation: { initiatedBy: { automated: undefined, username: 'ada' } },
      }),
    ).toMatchObject({ initiatedBy: 'ada', automated: false });
    expect(
      stateOf({ operation: { initiatedBy: { automated: true } } }),
    ).toMatchObject({ initiatedBy: undefined, automated: true });
  });

  it('A10: takes revisions from the result, and what was asked for before there is one', () => {
    expect(
      stateOf({ syncResult: { revision: '', revisions: ['1.0.0', sha('c')] } })
        ?.revisions,
    ).toEqual(['1.0.0', sha('c')]);
    expect(stateOf({ syncResult: undefined })?.revisions).toEqual([sha('a')]);
    // In a list, `operation.sync` holds the result of the sync.
    expect(
      stateOf({
        syncResult: undefined,
        operation: {
          initiatedBy: undefined,
          sync: { revision: sha('r'), resources: undefined },
        },
      }),
    ).toMatchObject({ revisions: [sha('r')], partial: false, dryRun: false });
  });

  it('B17: says that a sync was dry or of single resources', () => {
    expect(
      stateOf({
        operation: { sync: { dryRun: true, resources: [{ kind: 'Job' }] } },
      }),
    ).toMatchObject({ dryRun: true, partial: true });
    expect(stateOf({})).toMatchObject({ dryRun: false, partial: false });
  });
});

describe('the action of the portal behind an operation', () => {
  const info = (value: string) => [
    { name: 'another', value: 'x' },
    { name: 'slipway.dev/action', value },
  ];

  it('B2, B6: is known while it is queued, and later', () => {
    expect(
      operationOf({ operation: { info: info('action-1'), sync: {} } }),
    ).toMatchObject({ phase: 'queued', actionId: 'action-1' });
    expect(stateOf({ operation: { info: info('action-1') } })?.actionId).toBe(
      'action-1',
    );
  });

  it('B6: is not that of the operation before', () => {
    expect(
      operationOf({
        operation: { sync: { revision: sha('b') } },
        status: { operationState: { operation: { info: info('action-1') } } },
      }),
    ).not.toHaveProperty('actionId');
  });

  it.each(['', 'two words', 'x'.repeat(101), '<script>'])(
    'is none when somebody wrote what is no id: %j',
    value => {
      expect(stateOf({ operation: { info: info(value) } })).not.toHaveProperty(
        'actionId',
      );
    },
  );

  it('leaves what is stored of all other operations as it was', () => {
    // Byte by byte, so that an upgrade writes no projection anew.
    expect(JSON.stringify(stateOf({}))).toBe(
      JSON.stringify({
        phase: 'succeeded',
        message: 'successfully synced (all tasks run)',
        startedAt: '2026-11-20T10:00:00Z',
        finishedAt: '2026-11-20T10:00:10Z',
        automated: true,
        dryRun: false,
        partial: false,
        revisions: [sha('a')],
      }),
    );
  });
});

describe('isVerified', () => {
  const finished = stateOf({});

  it.each([
    ['2026-11-20T10:00:09Z', false],
    ['2026-11-20T10:00:10Z', true],
    ['2026-11-20T11:00:11+01:00', true],
    [undefined, false],
  ])('B1: believes what was seen at %s: %s', (reconciledAt, expected) => {
    expect(isVerified({ operation: finished, reconciledAt })).toBe(expected);
  });

  it('B1: believes nothing while a sync is under way', () => {
    const running = stateOf({ phase: 'Running', finishedAt: undefined });
    expect(
      isVerified({ operation: running, reconciledAt: '2026-11-20T12:00:00Z' }),
    ).toBe(false);
  });

  it('B1: believes the first look at what was never synced', () => {
    expect(
      isVerified({
        operation: undefined,
        reconciledAt: '2026-11-20T12:00:00Z',
      }),
    ).toBe(true);
    expect(isVerified({ operation: undefined, reconciledAt: undefined })).toBe(
      false,
    );
  });
});

describe('toHistory', () => {
  const historyOf = (history: Json[]) =>
    toHistory(applicationSchema.parse(anApplication({ status: { history } })));

  it('B18: orders by id, oldest first, and bears gaps and a missing zero', () => {
    const deployedAt = '2026-11-20T10:00:10Z';
    expect(
      historyOf([
        { id: 12, deployedAt },
        { deployedAt },
        { id: 7, deployedAt },
      ]).map(entry => entry.id),
    ).toEqual([0, 7, 12]);
  });

  it('A20: keeps the revisions and the sources of that time by position', () => {
    expect(
      historyOf([
        {
          id: 1,
          revision: '',
          revisions: ['1.0.0', sha('a')],
          sources: [
            { repoURL: 'https://charts.example.com', chart: 'checkout' },
            { repoURL: 'https://git.example.com/values.git' },
          ],
          deployedAt: '2026-11-20T10:00:10Z',
          initiatedBy: { username: 'ada' },
        },
      ]),
    ).toEqual([
      {
        id: 1,
        revisions: ['1.0.0', sha('a')],
        sources: [
          { repoUrl: 'https://charts.example.com', chart: 'checkout' },
          { repoUrl: 'https://git.example.com/values.git' },
        ],
        deployedAt: '2026-11-20T10:00:10Z',
        initiatedBy: 'ada',
      },
    ]);
  });

  it('leaves out what has no time', () => {
    expect(historyOf([{ id: 1 }])).toEqual([]);
  });
});
