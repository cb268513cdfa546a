import {
  applicationManifest,
  Harness,
  REPO,
  startHarness,
  tree,
  until,
} from './__testUtils__/harness';

// A busy machine takes its time.
jest.setTimeout(30_000);

function hook(options: {
  name: string;
  phase: string;
  tag: string;
  deletion?: string;
}): unknown {
  const { name, phase, tag, deletion } = options;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      annotations: {
        'argocd.argoproj.io/hook': phase,
        ...(deletion
          ? { 'argocd.argoproj.io/hook-delete-policy': deletion }
          : {}),
      },
    },
    spec: {
      template: {
        spec: { containers: [{ name, image: `shop/${name}:${tag}` }] },
      },
    },
  };
}

/** A service with a migration before, a check after and an alarm on failure. */
function release(tag: string, more: readonly unknown[] = []) {
  return {
    'apps/shop/all.yaml': [
      hook({ name: 'migrate', phase: 'PreSync', tag }),
      hook({
        name: 'check',
        phase: 'PostSync',
        tag: '1',
        deletion: 'HookSucceeded',
      }),
      hook({
        name: 'alarm',
        phase: 'SyncFail',
        tag: '1',
        deletion: 'BeforeHookCreation',
      }),
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'shop' },
        data: { tag },
      },
      ...more,
    ]
      .map(object => JSON.stringify(object))
      .join('\n---\n'),
  };
}

const files = {
  ...tree({ shop: applicationManifest({ name: 'shop', path: 'apps/shop' }) }),
  ...release('1'),
};
const shop = '/api/v1/applications/shop';

describe('hooks', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness({ files });
  });
  afterEach(() => harness.close());

  async function push(tag: string, more?: readonly unknown[]): Promise<void> {
    harness.repositories.commit({ repoUrl: REPO, files: release(tag, more) });
    await until(
      () => harness.call(shop),
      ({ body }) => body.status.sync.status === 'OutOfSync',
    );
  }

  function sync(body: unknown = {}) {
    return harness.call(`${shop}/sync`, { method: 'POST', body });
  }

  async function reaches(phase: string) {
    const { body } = await until(
      () => harness.call(shop),
      seen => seen.body.status.operationState?.phase === phase,
    );
    return body.status;
  }

  async function jobs(): Promise<string[]> {
    const { body } = await harness.call(`${shop}/resource-tree`);
    return body.nodes
      .filter((node: { kind: string }) => node.kind === 'Job')
      .map((node: { name: string }) => node.name);
  }

  it('run around the release, and leave behind what their policy says', async () => {
    await push('2');
    await sync();
    const { operationState } = await reaches('Succeeded');
    expect(
      operationState.syncResult.resources.map(
        (item: Record<string, string>) => [
          item.name,
          item.syncPhase,
          item.hookType,
          item.hookPhase,
          item.message,
        ],
      ),
    ).toEqual([
      [
        'migrate',
        'PreSync',
        'PreSync',
        'Succeeded',
        'Reached expected number of succeeded pods',
      ],
      ['shop', 'Sync', undefined, 'Succeeded', 'configmap/shop configured'],
      [
        'check',
        'PostSync',
        'PostSync',
        'Succeeded',
        'Reached expected number of succeeded pods',
      ],
    ]);
    expect(await jobs()).toEqual(['migrate']);
  });

  it('that fail end the sync before anything is applied, and raise the alarm', async () => {
    await push('2-broken');
    await sync();
    const status = await reaches('Failed');
    expect(status.operationState.message).toBe(
      'one or more synchronization tasks completed unsuccessfully',
    );
    expect(
      status.operationState.syncResult.resources.map(
        (item: Record<string, string>) => [
          item.name,
          item.syncPhase,
          item.hookPhase,
          item.message,
        ],
      ),
    ).toEqual([
      [
        'migrate',
        'PreSync',
        'Failed',
        'Job has reached the specified backoff limit',
      ],
      [
        'alarm',
        'SyncFail',
        'Succeeded',
        'Reached expected number of succeeded pods',
      ],
    ]);
    expect(status.sync.status).toBe('OutOfSync');
    expect(status.history).toHaveLength(1);
    expect(await jobs()).toEqual(expect.arrayContaining(['alarm', 'migrate']));
  });

  it('B4: that never end keep the operation running and every other sync out, until it is terminated', async () => {
    await push('2-stuck');
    await sync({ infos: [{ name: 'action', value: 'a-1' }] });
    const waiting = await until(
      () => harness.call(shop),
      ({ body }) =>
        body.status.operationState?.message ===
        'waiting for completion of hook batch/Job/migrate',
    );
    expect(waiting.body.status.operationState).toMatchObject({
      phase: 'Running',
      operation: { info: [{ name: 'action', value: 'a-1' }] },
    });
    expect(waiting.body.status.operationState.finishedAt).toBeUndefined();
    const blocked = await sync();
    expect([blocked.status, blocked.body.code]).toEqual([400, 9]);

    const ended = await harness.call(`${shop}/operation`, { method: 'DELETE' });
    expect([ended.status, ended.body]).toEqual([200, {}]);
    const status = await reaches('Failed');
    expect(status.operationState).toMatchObject({
      message: 'Operation terminated',
      finishedAt: expect.any(String),
      syncResult: {
        resources: [
          { name: 'migrate', hookPhase: 'Succeeded', message: 'Deleted' },
        ],
      },
    });
    expect(await jobs()).toEqual([]);
    const again = await harness.call(shop);
    expect(again.body.operation).toBeUndefined();

    await push('3');
    await sync();
    await reaches('Succeeded');
  });

  it('shows that it is terminating before it is over', async () => {
    await push('2-stuck');
    await sync();
    await reaches('Running');
    harness.argocd.faults.pauseController(true);
    await harness.call(`${shop}/operation`, { method: 'DELETE' });
    const { body } = await harness.call(shop);
    expect(body.status.operationState.phase).toBe('Terminating');
    harness.argocd.faults.pauseController(false);
    await reaches('Failed');
  });

  it('B17: do not run in a partial sync', async () => {
    await push('2-stuck');
    await sync({ resources: [{ kind: 'ConfigMap', name: 'shop' }] });
    const {
      operationState,
      history,
      sync: compared,
    } = await reaches('Succeeded');
    expect(
      operationState.syncResult.resources.map(
        (item: { name: string }) => item.name,
      ),
    ).toEqual(['shop']);
    expect(compared.status).toBe('Synced');
    expect(history).toHaveLength(1);
  });

  it('B21: do not run in a rollback', async () => {
    await push('2');
    await sync();
    await reaches('Succeeded');
    await harness.call(`${shop}/rollback`, { method: 'POST', body: { id: 0 } });
    const { body } = await until(
      () => harness.call(shop),
      seen =>
        seen.body.operation === undefined &&
        seen.body.status.history?.length === 3,
    );
    expect(
      body.status.operationState.syncResult.resources.map(
        (item: { name: string }) => item.name,
      ),
    ).toEqual(['shop']);
  });

  it('that are several are counted in words', async () => {
    await push('2-stuck', [
      hook({ name: 'migrate-too', phase: 'PreSync', tag: '2-stuck' }),
    ]);
    await sync();
    const { body } = await until(
      () => harness.call(shop),
      seen => /^waiting/.test(seen.body.status.operationState?.message ?? ''),
    );
    expect(body.status.operationState.message).toBe(
      'waiting for completion of hook batch/Job/migrate and 1 more hooks',
    );
  });
});
