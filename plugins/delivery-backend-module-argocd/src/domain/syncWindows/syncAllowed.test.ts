import { syncAllowed, WindowState } from './syncAllowed';

const allow = (state: Partial<WindowState> = {}): WindowState => ({
  kind: 'allow',
  manualSync: false,
  active: false,
  ...state,
});
const deny = (state: Partial<WindowState> = {}): WindowState => ({
  ...allow(state),
  kind: 'deny',
});
const active = true;
const manualSync = true;

describe('syncAllowed', () => {
  it.each<[string, WindowState[], boolean]>([
    ['no window at all', [], true],
    ['an inactive deny', [deny()], true],
    ['an active deny', [deny({ active })], false],
    [
      'an active deny that lets people through',
      [deny({ active, manualSync })],
      true,
    ],
    [
      'two active denies of which one lets people through',
      [deny({ active, manualSync }), deny({ active })],
      false,
    ],
    [
      'an inactive deny beside one that lets people through',
      [deny({ active, manualSync }), deny()],
      true,
    ],
    ['an active allow', [allow({ active })], true],
    ['an inactive allow', [allow()], false],
    ['one of two allows active', [allow(), allow({ active })], true],
    [
      'an inactive allow that lets people through',
      [allow({ manualSync })],
      true,
    ],
    [
      'two inactive allows of which one lets people through',
      [allow({ manualSync }), allow()],
      false,
    ],
    [
      'an active deny and an active allow',
      [deny({ active }), allow({ active })],
      false,
    ],
    [
      'an active deny that lets people through and an inactive allow',
      [deny({ active, manualSync }), allow()],
      true,
    ],
    ['an inactive deny and an inactive allow', [deny(), allow()], false],
  ])('A4: with %s: %s', (_, windows, expected) => {
    expect(syncAllowed(windows)).toBe(expected);
  });
});
