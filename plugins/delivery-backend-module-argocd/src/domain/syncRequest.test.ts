import { SyncCommand } from '@slipway/plugin-delivery-node';
import { syncRequest } from './syncRequest';

function request(
  command: Partial<SyncCommand>,
  ownSyncOptions: readonly string[] = [],
) {
  return syncRequest({
    namespace: 'team-a',
    project: 'payments',
    command: {
      dryRun: false,
      prune: false,
      force: false,
      extraSyncOptions: [],
      infos: {},
      ...command,
    },
    ownSyncOptions,
  });
}

describe('syncRequest', () => {
  it('B17, B19, B20: names no revision, resource, retry or option by itself', () => {
    expect(request({}, ['CreateNamespace=true'])).toEqual({
      appNamespace: 'team-a',
      project: 'payments',
      dryRun: false,
      prune: false,
      infos: [],
    });
  });

  it('B21: never asks for the strategy that skips hooks', () => {
    expect(request({ force: true }).strategy).toEqual({
      hook: { force: true },
    });
    expect(request({ force: false })).not.toHaveProperty('strategy');
  });

  it.each([
    [[], ['A=true'], ['A=true']],
    [['B=true'], ['A=true'], ['B=true', 'A=true']],
    [['A=false', 'B=true'], ['A=true'], ['B=true', 'A=true']],
    [['A=true', 'A=false'], ['A=true'], ['A=true']],
    [['Bare'], ['A=true'], ['Bare', 'A=true']],
  ])('B20: %j and further %j make %j', (own, extraSyncOptions, items) => {
    expect(request({ extraSyncOptions }, own).syncOptions).toEqual({ items });
  });
});
