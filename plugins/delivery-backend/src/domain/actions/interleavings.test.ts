import fc from 'fast-check';
import {
  actionOn,
  actionTimes,
  performerOn,
} from '../../__testUtils__/actions';
import { sha } from '../../__testUtils__/applications';
import { FakeArgoCd, Mishap } from '../../__testUtils__/FakeArgoCd';
import { FakeRevertWriter } from '../../__testUtils__/FakeRevertWriter';
import { ActionRecord } from './ActionRecord';
import { nextStep } from './nextStep';
import { settleEffect } from './settleEffect';

jest.setTimeout(120_000);

/** How often an action can have had its effect, when it ended like that. */
const POSSIBLE: { [phase in ActionRecord['phase']]: number[] } = {
  running: [],
  succeeded: [1],
  failed: [0, 1],
  refused: [0],
  unknown: [0, 1],
};

/** What may happen, in any order. */
type Happening =
  | { what: 'step' }
  /** The replica dies between what it writes and what it does, or after it. */
  | { what: 'death'; when: 'before-effect' | 'after-effect' }
  | { what: 'mishap'; of: 'argo' | 'git'; mishap: Mishap }
  | { what: 'operation-moves'; succeed: boolean }
  | { what: 'other-operation'; automated: boolean }
  | { what: 'argo-looks' }
  | { what: 'push'; digit: string }
  | { what: 'outage'; on: boolean }
  | { what: 'recreated' }
  | { what: 'time'; seconds: number };

const mishap = fc.constantFrom<Mishap>(
  'answer-lost',
  'request-lost',
  'unreachable',
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ what: 'step' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('death' as const),
      when: fc.constantFrom('before-effect' as const, 'after-effect' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('mishap' as const),
      of: fc.constantFrom('argo' as const, 'git' as const),
      mishap,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('operation-moves' as const),
      succeed: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('other-operation' as const),
      automated: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ what: 'argo-looks' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('push' as const),
      digit: fc.constantFrom('7', '8'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('outage' as const),
      on: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ what: 'recreated' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('time' as const),
      seconds: fc.constantFrom(1, 10, 40, 700),
    }),
  },
);

/** A world with one action in it, of which only the record survives a death. */
class Scene {
  readonly argo: FakeArgoCd;
  readonly writer: FakeRevertWriter;
  record: ActionRecord;
  readonly #performer;

  constructor(action: 'sync' | 'terminate' | 'revert', automated: boolean) {
    this.argo = new FakeArgoCd({
      sync: { state: 'out-of-sync', revisions: [sha('2')] },
      policy: { automated, prune: false, selfHeal: false },
    });
    if (action === 'terminate') {
      this.argo.beginOther({ automated: false });
      this.argo.moveOn();
    }
    this.writer = new FakeRevertWriter(this.argo);
    this.#performer = performerOn(this.argo, { writer: this.writer });
    this.record = actionOn(this.argo, action);
  }

  /** What the reconciler does, with the places at which it can die. */
  async step(death?: 'before-effect' | 'after-effect'): Promise<void> {
    if (this.record.phase !== 'running') {
      return;
    }
    const { argo, record } = this;
    const signal = new AbortController().signal;
    const now = argo.time;
    const world = await this.#performer.look({ record, now, signal });
    let next = nextStep({ record, world, times: actionTimes });
    if (next.kind === 'perform') {
      this.record = next.record;
      if (death === 'before-effect') {
        return;
      }
      const result = await this.#performer.perform({ ...next, now, signal });
      if (death === 'after-effect') {
        return;
      }
      next = settleEffect({ ...next, result, now, times: actionTimes });
    } else if (death) {
      return;
    }
    this.record = next.record;
  }

  async happen(it: Happening): Promise<void> {
    const { argo } = this;
    switch (it.what) {
      case 'step':
        return this.step();
      case 'death':
        return this.step(it.when);
      case 'mishap':
        (it.of === 'argo' ? argo : this.writer).mishaps = [it.mishap];
        return undefined;
      case 'operation-moves':
        return argo.moveOn({ succeed: it.succeed });
      case 'other-operation':
        return argo.isUnderWay ? undefined : argo.beginOther(it);
      case 'argo-looks':
        return argo.look();
      case 'push':
        return argo.push(sha(it.digit));
      case 'outage':
        argo.fault = it.on
          ? { kind: 'unavailable', message: 'No answer.' }
          : undefined;
        return undefined;
      case 'recreated':
        return argo.recreate();
      case 'time':
        return argo.tick(it.seconds);
      default:
        return it satisfies never;
    }
  }

  /** From here on nothing goes wrong, and operations come to their ends. */
  async end(): Promise<void> {
    this.argo.fault = undefined;
    this.argo.mishaps = [];
    this.writer.mishaps = [];
    for (let turn = 0; turn < 200 && this.record.phase === 'running'; turn++) {
      await this.step();
      this.argo.tick(10);
      this.argo.moveOn();
    }
  }
}

const scenes = fc.record({
  automated: fc.boolean(),
  happenings: fc.array(happening, { maxLength: 40 }),
});

describe('whatever dies, gets lost or comes in between', () => {
  it('a sync is taken on at most once, always ends, and is a success only if it was one', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ({ automated, happenings }) => {
        const scene = new Scene('sync', automated);
        for (const it of happenings) {
          await scene.happen(it);
          expect(scene.argo.syncsOf(scene.record.id)).toBeLessThanOrEqual(1);
        }
        await scene.end();
        const { record, argo } = scene;
        expect(record.phase).not.toBe('running');
        const taken = argo.syncsOf(record.id);
        expect(taken).toBeLessThanOrEqual(1);
        expect(POSSIBLE[record.phase]).toContain(taken);
      }),
      { numRuns: 600 },
    );
  });

  it('a sync that nothing but deaths befall is carried out, once', async () => {
    const deaths = fc.array(
      fc.constantFrom('before-effect' as const, 'after-effect' as const),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(deaths, async whens => {
        const scene = new Scene('sync', false);
        for (const when of whens) {
          await scene.step(when);
          scene.argo.tick(31);
          scene.argo.moveOn();
        }
        await scene.end();
        const lost = scene.record.phase === 'unknown';
        // Three deaths before the effect look like three lost requests.
        expect(lost).toBe(
          whens.slice(0, 3).join() === Array(3).fill('before-effect').join(),
        );
        expect(scene.argo.syncsOf(scene.record.id)).toBe(lost ? 0 : 1);
      }),
      { numRuns: 200 },
    );
  });

  it('a revert makes at most one commit and asks for at most one sync, and always ends', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ({ automated, happenings }) => {
        const scene = new Scene('revert', automated);
        for (const it of happenings) {
          await scene.happen(it);
        }
        await scene.end();
        const { record, argo, writer } = scene;
        expect(record.phase).not.toBe('running');
        expect(POSSIBLE[record.phase]).toContain(writer.commits.length);
        expect(argo.syncsOf(record.id)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 600 },
    );
  });

  it('ending a sync ends the one that was seen, or none, and always ends', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ({ automated, happenings }) => {
        const scene = new Scene('terminate', automated);
        const startedAt = scene.argo.operation?.startedAt;
        const ended = new Set<string | undefined>();
        const terminate = scene.argo.terminate.bind(scene.argo);
        scene.argo.terminate = options => {
          ended.add(scene.argo.operation?.startedAt);
          return terminate(options);
        };
        for (const it of happenings) {
          await scene.happen(it);
        }
        await scene.end();
        expect(scene.record.phase).not.toBe('running');
        for (const one of ended) {
          expect(one).toBe(startedAt);
        }
        expect(POSSIBLE[scene.record.phase]).toContain(
          Math.min(scene.argo.terminations, 1),
        );
      }),
      { numRuns: 600 },
    );
  });
});
