import { SyncCommand } from '@slipway/plugin-delivery-node';

/** The body of Argo CD's request for a sync, as far as it is sent. */
export type SyncRequest = {
  appNamespace: string;
  project: string;
  dryRun: boolean;
  prune: boolean;
  strategy?: { hook: { force: true } };
  infos: Array<{ name: string; value: string }>;
  syncOptions?: { items: string[] };
};

/**
 * The body of a sync.
 *
 * What is not in it counts as much as what is. There is never a revision: with
 * automatic sync, Argo CD refuses one that is not what git asks for (B19), and
 * without, it would bring out what git does not want. There are no single
 * `resources`, because such a sync runs no hooks and leaves no history (B17).
 * There is no `retryStrategy`, so the application's own holds; and no
 * `syncOptions` unless some are added, because those of the request replace the
 * application's (B20).
 */
export function syncRequest(options: {
  namespace: string;
  project: string;
  command: SyncCommand;
  /** The sync options of the application's own policy. */
  ownSyncOptions: readonly string[];
}): SyncRequest {
  const { namespace, project, command, ownSyncOptions } = options;
  return {
    appNamespace: namespace,
    project,
    dryRun: command.dryRun,
    prune: command.prune,
    ...(command.force ? { strategy: { hook: { force: true } } } : {}),
    infos: Object.entries(command.infos).map(([name, value]) => ({
      name,
      value,
    })),
    ...(command.extraSyncOptions.length > 0
      ? {
          syncOptions: {
            items: withExtras(ownSyncOptions, command.extraSyncOptions),
          },
        }
      : {}),
  };
}

/** The own options, with those replaced that an extra one says otherwise. */
function withExtras(
  own: readonly string[],
  extras: readonly string[],
): string[] {
  const replaced = new Set(extras.map(nameOf));
  return [...own.filter(option => !replaced.has(nameOf(option))), ...extras];
}

/** `ServerSideApply` of `ServerSideApply=true`. */
function nameOf(option: string): string {
  return option.split('=')[0].trim();
}
