import { DateTime } from 'luxon';
import { syncWindowsSchema, WireProjectWindow } from '../../argocd/wire';
import { toVerdict } from './toVerdict';

const now = DateTime.fromISO('2026-11-22T21:30Z', { zone: 'utc' });
const night = { kind: 'deny', schedule: '0 22 * * *', duration: '8h' };
const day = { kind: 'allow', schedule: '0 9 * * 1-5', duration: '8h' };

function verdict(
  answer: object,
  ofProject: Array<Partial<WireProjectWindow>> | undefined,
) {
  return toVerdict({
    answer: syncWindowsSchema.parse(answer),
    ofProject: ofProject as WireProjectWindow[] | undefined,
    now,
  });
}

describe('toVerdict', () => {
  it('A4: allows what no window concerns', () => {
    expect(verdict({ canSync: true }, [])).toEqual({
      allowed: true,
      windows: [],
      opensAt: undefined,
    });
  });

  it('A4: takes time zone and purpose from the project, and says when it opens', () => {
    expect(
      verdict(
        { activeWindows: [night], assignedWindows: [night], canSync: false },
        [
          { ...day, timeZone: 'Asia/Tokyo' },
          { ...night, timeZone: 'Europe/Berlin', description: 'Batch runs' },
        ],
      ),
    ).toEqual({
      allowed: false,
      windows: [
        {
          kind: 'deny',
          schedule: '0 22 * * *',
          duration: '8h',
          manualSync: false,
          timeZone: 'Europe/Berlin',
          description: 'Batch runs',
          active: true,
        },
      ],
      opensAt: '2026-11-23T05:00:00.000Z',
    });
  });

  it('A4: gives a verdict when the project cannot be read, and guesses no opening', () => {
    expect(
      verdict(
        { activeWindows: [night], assignedWindows: [night], canSync: false },
        undefined,
      ),
    ).toMatchObject({
      allowed: false,
      windows: [{ active: true, timeZone: undefined, description: undefined }],
      opensAt: undefined,
    });
  });

  it('says UTC where the project names no time zone', () => {
    expect(
      verdict({ assignedWindows: [night], canSync: true }, [night]).windows,
    ).toMatchObject([{ timeZone: 'UTC', active: false }]);
  });

  it('guesses no time zone when windows of two zones look the same', () => {
    const answer = {
      activeWindows: [night],
      assignedWindows: [night],
      canSync: false,
    };
    const tokyo = { ...night, timeZone: 'Asia/Tokyo', description: 'Freeze' };
    const berlin = {
      ...night,
      timeZone: 'Europe/Berlin',
      description: 'Freeze',
    };
    expect(verdict(answer, [tokyo, berlin])).toMatchObject({
      allowed: false,
      windows: [{ timeZone: undefined, description: 'Freeze' }],
      opensAt: undefined,
    });
    // Unless both of them concern the application: then their order tells.
    const both = {
      activeWindows: [night],
      assignedWindows: [night, night],
      canSync: false,
    };
    expect(verdict(both, [tokyo, berlin]).windows).toMatchObject([
      { timeZone: 'Asia/Tokyo', active: false },
      { timeZone: 'Europe/Berlin', active: true },
    ]);
  });

  it('does not take a window that lets people through for another one', () => {
    expect(
      verdict({ assignedWindows: [night], canSync: true }, [
        { ...night, manualSync: true, timeZone: 'Asia/Tokyo' },
        { ...night, timeZone: 'Europe/Berlin' },
      ]).windows,
    ).toMatchObject([{ manualSync: false, timeZone: 'Europe/Berlin' }]);
  });

  it("believes Argo CD's own verdict, and promises no opening against it", () => {
    // By the schedule it is open; the clock of Argo CD is ahead.
    expect(
      verdict({ assignedWindows: [night], canSync: false }, [night]),
    ).toMatchObject({ allowed: false, opensAt: undefined });
  });

  it('decides by what is active when Argo CD gives no verdict', () => {
    expect(
      verdict({ activeWindows: [night], assignedWindows: [night] }, undefined)
        .allowed,
    ).toBe(false);
    expect(verdict({ assignedWindows: [night] }, undefined).allowed).toBe(true);
  });

  it('A1: takes null for no windows', () => {
    expect(
      verdict(
        { activeWindows: null, assignedWindows: null, canSync: true },
        [],
      ),
    ).toMatchObject({ allowed: true, windows: [] });
  });
});
