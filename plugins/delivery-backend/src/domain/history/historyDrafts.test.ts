import fc from 'fast-check';
import {
  application,
  image,
  sha,
  workload,
} from '../../__testUtils__/applications';
import { nextServing } from '../status/serving';
import { historyOfApplication, observedChange } from './historyDrafts';

const now = '2026-11-05T00:00:00.000Z';

const entry = (id: number, revision = sha(String(id % 10))) => ({
  id,
  revisions: [revision],
  sources: [],
  deployedAt: `2026-10-${String(id).padStart(2, '0')}T10:00:00+02:00`,
});

describe('the history of an application', () => {
  it('knows the image of what git asks for now, and of earlier entries the revision only', () => {
    const drafts = historyOfApplication(
      application({
        history: [entry(3), entry(7)],
        sync: { state: 'synced', revisions: [sha('7')] },
      }),
    );
    expect(drafts).toMatchObject([
      { imageKnown: false, deployedAt: '2026-10-03T08:00:00.000Z' },
      { imageKnown: true, release: { tag: '1.8.2' } },
    ]);
    expect(drafts[0].release).toEqual({
      revisions: [
        {
          kind: 'git',
          revision: sha('3'),
          repoUrl: 'https://git.example/gitops.git',
        },
      ],
    });
  });

  it('does not take an image for known that was read before the deployment', () => {
    expect(
      historyOfApplication(
        application({ workloadsObservedAt: '2026-11-01T09:59:59Z' }),
      ),
    ).toMatchObject([{ imageKnown: false }]);
  });

  it('knows the image of the last sync after other commits moved the revision', () => {
    const moved = {
      sync: { state: 'synced' as const, revisions: [sha('9')] },
      operation: {
        phase: 'succeeded' as const,
        automated: true,
        dryRun: false,
        partial: false,
        revisions: [sha('1')],
      },
    };
    expect(historyOfApplication(application(moved))).toMatchObject([
      { imageKnown: true },
    ]);
    expect(
      historyOfApplication(
        application({
          ...moved,
          operation: { ...moved.operation, partial: true },
        }),
      ),
    ).toMatchObject([{ imageKnown: false }]);
  });

  it('B18: tells entries apart by id and uid, whatever gaps and cuts there are', () => {
    const keys = (uid: string, ids: number[]) =>
      historyOfApplication(
        application({ uid, history: ids.map(id => entry(id)) }),
      ).map(({ entryKey }) => entryKey);
    expect(keys('a', [3, 9])).toEqual(keys('a', [1, 3, 9]).slice(1));
    expect(keys('a', [3])).not.toEqual(keys('b', [3]));
  });

  it('leaves out an entry without a time rather than invent one', () => {
    expect(
      historyOfApplication(
        application({ history: [{ ...entry(1), deployedAt: '' }] }),
      ),
    ).toEqual([]);
  });

  it('is the same however its windows overlap: each entry has one key', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 28 }),
        fc.array(fc.integer({ min: 0, max: 27 }), { minLength: 1 }),
        (total, looks) => {
          const seen = new Set<string>();
          const ids = new Set<number>();
          for (const look of [...looks, total - 1]) {
            const last = Math.min(look, total - 1) + 1;
            const first = Math.max(1, last - 9);
            const window = Array.from(
              { length: last - first + 1 },
              (_, index) => entry(first + index),
            );
            window.forEach(({ id }) => ids.add(id));
            historyOfApplication(application({ history: window })).forEach(
              ({ entryKey }) => seen.add(entryKey),
            );
          }
          expect(seen.size).toBe(ids.size);
        },
      ),
    );
  });
});

describe('a change that is not in the history of the application', () => {
  const before = nextServing({
    application: application(),
    previous: undefined,
    now,
  });

  function observe(
    part: Parameters<typeof application>[0],
    { previous } = { previous: before },
  ) {
    const observed = application(part);
    return observedChange({
      application: observed,
      previous,
      serving: nextServing({ application: observed, previous, now }),
      now,
    });
  }

  it('B17: is recorded when a partial sync brought another release', () => {
    expect(
      observe({
        workloads: [workload({ wanted: image('1.8.3') })],
        operation: {
          phase: 'succeeded',
          automated: false,
          dryRun: false,
          partial: true,
          initiatedBy: 'grace',
          revisions: [sha('2')],
          finishedAt: '2026-11-02T10:00:00Z',
        },
      }),
    ).toMatchObject({
      source: 'observed',
      release: { tag: '1.8.3' },
      deployedAt: '2026-11-02T10:00:00.000Z',
      initiatedBy: 'grace',
    });
  });

  it('is not recorded when the history has an entry for it', () => {
    expect(
      observe({
        workloads: [workload({ wanted: image('1.9.0') })],
        history: [entry(1), entry(2)],
      }),
    ).toBeUndefined();
  });

  it('is not recorded when the same is served, or nothing is known of it', () => {
    expect(observe({})).toBeUndefined();
    expect(observe({ health: { state: 'degraded' } })).toBeUndefined();
  });

  it('is recorded at first sight only of an application without any history', () => {
    expect(observe({ history: [] }, { previous: undefined })).toMatchObject({
      source: 'observed',
      release: { tag: '1.8.2' },
    });
    expect(observe({}, { previous: undefined })).toBeUndefined();
  });
});

describe('an entry of the history', () => {
  it('holds nothing that a database could refuse, however odd the upstream is', () => {
    const name = `ada\u0000${'x'.repeat(1_000)}`;
    const drafts = [
      ...historyOfApplication(
        application({
          uid: name,
          history: [{ ...entry(1), initiatedBy: name }],
        }),
      ),
      observedChange({
        application: application({
          uid: name,
          history: [],
          operation: {
            phase: 'succeeded',
            partial: true,
            dryRun: false,
            automated: false,
            initiatedBy: name,
            finishedAt: '2026-11-02T10:00:00Z',
            revisions: [],
          },
        }),
        previous: undefined,
        serving: { release: { image: name, tag: name, revisions: [] } },
        now,
      }),
    ];
    expect(drafts).toHaveLength(2);
    for (const draft of drafts) {
      for (const text of [draft?.entryKey, draft?.initiatedBy]) {
        expect(text).toHaveLength(255);
        expect(text).not.toContain('\u0000');
      }
    }
  });

  it('is left out when it is of a time that is none', () => {
    const history = [
      { ...entry(1), deployedAt: 'yesterday' },
      { ...entry(2), deployedAt: '+099999-01-01T00:00:00Z' },
      entry(3),
    ];
    expect(historyOfApplication(application({ history }))).toHaveLength(1);
  });
});
