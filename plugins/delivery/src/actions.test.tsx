import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { setupServer } from 'msw/node';
import { registerMswTestHooks } from '@backstage/frontend-test-utils';
import { DeploymentsTab } from './components/DeploymentsTab';
import {
  action,
  backend,
  deployment,
  json,
  lost,
  plan,
  refusal,
} from './__testUtils__/backend';
import { renderPage } from './__testUtils__/renderPage';

const server = setupServer();
registerMswTestHooks(server);

function show(options: Parameters<typeof backend>[0] = {}) {
  const { handlers, ...seen } = backend(options);
  server.use(...handlers);
  renderPage(<DeploymentsTab />);
  return seen;
}

const reasonField = () => screen.findByRole('textbox', { name: /Why/ });

async function openSync() {
  await userEvent.click(await screen.findByRole('button', { name: 'Sync' }));
  return screen.findByRole('dialog', { name: 'Sync checkout in Production' });
}

async function openFromMenu(name: string) {
  await userEvent.click(
    await screen.findByRole('button', { name: 'More actions' }),
  );
  await userEvent.click(await screen.findByRole('button', { name }));
}

describe('actions on a deployment', () => {
  it('offers sync where git and the cluster differ, the rest in a menu', async () => {
    show();
    await screen.findByRole('button', { name: 'Sync' });
    await userEvent.click(screen.getByRole('button', { name: 'More actions' }));
    const menu = await screen.findByRole('list', {
      name: 'Actions on checkout-production',
    });
    expect(
      within(menu)
        .getAllByRole('button')
        .map(button => button.textContent),
    ).toEqual([
      expect.stringMatching(/^Refresh/),
      expect.stringMatching(/^Hard refresh/),
      expect.stringMatching(/^Terminate sync/),
      expect.stringMatching(/^Revert/),
    ]);
  });

  it('shows what is not possible with its reason, within reach of the keyboard', async () => {
    show();
    await userEvent.click(
      await screen.findByRole('button', { name: 'More actions' }),
    );
    expect(
      await screen.findByRole('button', { name: 'Refresh' }),
    ).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    const terminate = screen.getByRole('button', { name: 'Terminate sync' });
    expect(terminate).toHaveFocus();
    expect(terminate).toHaveAttribute('aria-disabled', 'true');
    expect(terminate).toHaveAccessibleDescription(
      'No sync is under way, so there is nothing to end.',
    );
    await userEvent.keyboard('{Enter}');
    expect(
      screen.queryByRole('dialog', { name: /Terminate the sync/ }),
    ).not.toBeInTheDocument();
  });

  it('says on tap why the sync that stands first is not possible', async () => {
    show({
      deployments: () => [
        deployment({
          actions: [
            {
              action: 'sync',
              available: false,
              code: 'delivery.action-not-allowed',
              reason: 'Ask the approvers of payments.',
            },
          ],
        }),
      ],
    });
    const sync = await screen.findByRole('button', { name: 'Sync' });
    expect(sync).toHaveAccessibleDescription(/Ask the approvers of payments/);
    await userEvent.click(sync);
    expect(await screen.findByRole('tooltip')).toHaveTextContent(
      'Ask the approvers of payments.',
    );
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('offers nothing where the backend says nothing of actions', async () => {
    show({ deployments: () => [deployment({ actions: undefined })] });
    await screen.findByText('Production serves 1.8.2.');
    expect(
      screen.queryByRole('button', { name: 'Sync' }),
    ).not.toBeInTheDocument();
  });
});

describe('the confirmation', () => {
  it('says what happens where, warns first, and asks with what was seen', async () => {
    const { asked, planned } = show();
    const dialog = await openSync();
    expect(
      await within(dialog).findByText('This is Production.'),
    ).toBeVisible();
    expect(dialog.textContent).toMatch(
      /canary begins at 5 %.*Argo CD applies 1a2b3c4/,
    );
    expect(planned[0].searchParams.get('target')).toBe(
      'main/argocd/checkout-production',
    );

    await userEvent.type(await reasonField(), '  The release{enter}is out ');
    expect(asked).toEqual([]);
    await userEvent.click(
      screen.getByRole('button', { name: 'Sync Production' }),
    );
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]).toEqual({
      action: 'sync',
      body: {
        target: 'main/argocd/checkout-production',
        seen: 'seen-1',
        reason: 'The release is out',
        options: {},
        idempotencyKey: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
  });

  it('asks once, however fast the button is pressed', async () => {
    const { asked } = show();
    await openSync();
    await userEvent.type(await reasonField(), 'Release');
    await userEvent.dblClick(
      screen.getByRole('button', { name: 'Sync Production' }),
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(asked).toHaveLength(1);
  });

  it('asks for a reason, and says so where it is missing', async () => {
    const { asked } = show();
    await openSync();
    const field = await reasonField();
    await userEvent.click(
      screen.getByRole('button', { name: 'Sync Production' }),
    );
    expect(
      await screen.findByText('Say why, in your own words.'),
    ).toBeVisible();
    expect(field).toHaveFocus();
    expect(asked).toEqual([]);
  });

  it('says on its button what the options make of it, and sends them', async () => {
    const { asked } = show();
    const dialog = await openSync();
    await userEvent.type(await reasonField(), 'Clean up');
    expect(within(dialog).getByText('stays: it does not prune')).toBeVisible();
    await userEvent.click(screen.getByRole('checkbox', { name: 'Prune' }));
    expect(within(dialog).getByText('is deleted')).toBeVisible();
    await userEvent.click(screen.getByRole('checkbox', { name: 'Force' }));
    await userEvent.click(
      screen.getByRole('button', {
        name: 'Sync Production with force and prune',
      }),
    );
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0].body.options).toEqual({ prune: true, force: true });
  });

  it('has no button to confirm what is not possible, and says until when', async () => {
    show({
      plans: [
        json(
          plan({
            blocked: {
              code: 'delivery.sync-window-closed',
              reason: 'The window “weekend freeze” is closed.',
              until: '2026-11-23T06:00:00Z',
            },
          }),
        ),
        json(plan()),
      ],
    });
    const dialog = await openSync();
    expect(
      await within(dialog).findByText(/weekend freeze” is closed.*Until/),
    ).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Sync Production' }),
    ).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Look again' }));
    expect(
      await screen.findByRole('button', { name: 'Sync Production' }),
    ).toBeVisible();
  });

  it('shows what changed when the world is no longer as seen, and keeps the reason', async () => {
    const { asked } = show({
      plans: [
        json(plan()),
        json(
          plan({ seen: 'seen-2', steps: ['Argo CD applies 9f8e7d6 instead.'] }),
        ),
      ],
      requests: [
        () => refusal(409, 'delivery.state-changed', 'Somebody pushed.'),
        json(action(), 202),
      ],
    });
    await openSync();
    await userEvent.type(await reasonField(), 'Release');
    await userEvent.click(
      screen.getByRole('button', { name: 'Sync Production' }),
    );
    expect(
      await screen.findByText('New: Argo CD applies 9f8e7d6 instead.'),
    ).toBeVisible();
    expect(
      screen.getByText(/^No longer: Argo CD applies 1a2b3c4/),
    ).toBeVisible();
    expect(screen.getByText('Somebody pushed.')).toBeVisible();
    expect(await reasonField()).toHaveValue('Release');

    await userEvent.click(
      await screen.findByRole('button', { name: 'Sync Production' }),
    );
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1].body.seen).toBe('seen-2');
    // Another confirmation, of another plan.
    expect(asked[1].body.idempotencyKey).not.toBe(asked[0].body.idempotencyKey);
  });

  it('sends the same key again when the connection is lost on the way', async () => {
    const { asked } = show({ requests: [lost, json(action(), 200)] });
    await openSync();
    await userEvent.type(await reasonField(), 'Release');
    await userEvent.click(
      screen.getByRole('button', { name: 'Sync Production' }),
    );
    expect(
      await screen.findByText(/found out whether the request arrived/),
    ).toBeVisible();
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual(asked[0]);
  });

  it('finds its action on the page when answers do not get through', async () => {
    let arrived = false;
    const { asked } = show({
      deployments: () => [
        deployment({
          latestAction: arrived ? action({ reason: 'Release' }) : undefined,
        }),
      ],
      requests: [
        () => {
          arrived = true;
          return lost();
        },
      ],
    });
    await openSync();
    await userEvent.type(await reasonField(), 'Release');
    await userEvent.click(
      screen.getByRole('button', { name: 'Sync Production' }),
    );
    expect(
      await screen.findByRole('region', { name: 'Sync in Production' }),
    ).toHaveTextContent('Argo CD applies the manifests.');
    expect(asked).toHaveLength(1);
  });

  it('shows the refusal in the words of the backend, and stays', async () => {
    show({
      requests: [
        () =>
          refusal(403, 'delivery.action-not-allowed', 'Only approvers may.'),
      ],
    });
    await openSync();
    await userEvent.type(await reasonField(), 'Release');
    await userEvent.click(
      screen.getByRole('button', { name: 'Sync Production' }),
    );
    expect(await screen.findByText('You may not do this here.')).toBeVisible();
    expect(screen.getByText('Only approvers may.')).toBeVisible();
    expect(await reasonField()).toHaveValue('Release');
  });

  it('says why there is no plan, and tries again', async () => {
    show({
      plans: [
        () =>
          refusal(
            503,
            'delivery.upstream-unavailable',
            'Argo CD main does not answer.',
          ),
        json(plan()),
      ],
    });
    await openSync();
    expect(
      await screen.findByText(/Argo CD main does not answer/),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await reasonField()).toBeVisible();
  });

  it('closes by Escape and gives the focus back', async () => {
    show();
    await openSync();
    await reasonField();
    await userEvent.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Sync' })).toHaveFocus(),
    );
  });

  it('shows what a dry run says of each resource before anything is done', async () => {
    const { asked } = show({
      requests: [json(action({ options: { dryRun: true } }), 202)],
      actions: [
        action({
          options: { dryRun: true },
          phase: 'succeeded',
          summary: 'It would go well.',
          outcomes: [
            {
              group: 'apps',
              kind: 'Deployment',
              name: 'checkout',
              outcome: 'synced',
            },
            {
              group: '',
              kind: 'ConfigMap',
              name: 'old',
              outcome: 'failed',
              message: 'immutable field',
            },
          ],
        }),
      ],
    });
    const dialog = await openSync();
    await userEvent.type(await reasonField(), 'Release');
    await userEvent.click(screen.getByRole('button', { name: 'Dry run' }));
    const result = await within(dialog).findByRole('list', {
      name: 'What would happen to each resource',
    });
    const [first, second] = within(result).getAllByRole('listitem');
    expect(first).toHaveTextContent(/ConfigMap old failed.*immutable field/);
    expect(second).toHaveTextContent(/Deployment checkout would be applied/);
    expect(asked).toHaveLength(1);
    expect(asked[0].body.options).toEqual({ dryRun: true });
    await userEvent.click(screen.getByRole('checkbox', { name: 'Prune' }));
    expect(
      screen.getByText(/made with other options than those chosen now/),
    ).toBeVisible();
  });

  it('shows the diff of a revert in place, and the message of its commit', async () => {
    show({
      plans: [
        json(
          plan({
            action: 'revert',
            changes: undefined,
            revert: {
              from: { tag: '1.9.0', revisions: [] },
              to: { tag: '1.8.2', revisions: [] },
              repository: 'https://git.example/gitops',
              branch: 'main',
              commitSubject: 'revert(checkout): put 1.8.2 back',
              files: [
                {
                  path: 'overlays/production/kustomization.yaml',
                  change: 'modify',
                  patch: [
                    '--- a/k.yaml',
                    '+++ b/k.yaml',
                    '@@ -3,1 +3,1 @@',
                    '-    newTag: 1.9.0',
                    '+    newTag: 1.8.2',
                    '',
                  ].join('\n'),
                },
              ],
            },
          }),
        ),
      ],
    });
    await openFromMenu('Revert');
    const diff = await screen.findByRole('list', {
      name: 'Changes of overlays/production/kustomization.yaml',
    });
    expect(diff).toHaveTextContent(/Removed: +newTag: 1.9.0/);
    expect(diff).toHaveTextContent(/Added: +newTag: 1.8.2/);
    expect(screen.getByText('revert(checkout): put 1.8.2 back')).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Revert Production' }),
    ).toHaveAttribute('data-destructive', 'true');
  });
});

describe('the progress of an action', () => {
  it('is the same for everybody: who, why, how far, told politely', async () => {
    show({
      deployments: () => [deployment({ latestAction: action() })],
    });
    const progress = await screen.findByRole('region', {
      name: 'Sync in Production',
    });
    expect(
      await within(progress).findByRole('link', { name: 'Ada Lovelace' }),
    ).toBeVisible();
    expect(progress).toHaveTextContent('Why: The release is announced');
    expect(
      within(progress).getByText('Apply the manifests').closest('li'),
    ).toHaveAttribute('aria-current', 'step');
    expect(
      screen
        .getAllByRole('status')
        .some(
          ({ textContent }) =>
            textContent === 'Sync: Argo CD applies the manifests.',
        ),
    ).toBe(true);
  });

  it('ends with the result in words and the commit that it made', async () => {
    show({
      deployments: () => [
        deployment({
          latestAction: action({
            action: 'revert',
            phase: 'succeeded',
            summary: 'Production serves 1.8.2 again.',
            commit: { sha: 'c0ffee1234', url: 'https://git.example/c/c0ffee' },
          }),
        }),
      ],
    });
    expect(
      await screen.findByRole('link', { name: 'Commit c0ffee1' }),
    ).toHaveAttribute('href', 'https://git.example/c/c0ffee');
  });

  it('names the person behind an operation that the portal’s account started', async () => {
    show({
      deployments: () => [
        deployment({
          operation: {
            phase: 'running',
            automated: false,
            dryRun: false,
            partial: false,
            initiatedBy: 'slipway',
            actionId: 'a1',
          },
        }),
      ],
    });
    expect(
      await screen.findByRole('link', { name: 'Ada Lovelace' }),
    ).toBeVisible();
    expect(
      screen.getByText('through the portal’s account slipway'),
    ).toBeVisible();
  });

  it('B2: does not believe an operation that claims an action of another deployment', async () => {
    show({
      deployments: () => [
        deployment({
          operation: {
            phase: 'running',
            automated: false,
            dryRun: false,
            partial: false,
            initiatedBy: 'mallory',
            actionId: 'a1',
          },
        }),
      ],
      actions: [action({ environment: 'staging' })],
    });
    expect(await screen.findByText('mallory')).toBeVisible();
    expect(
      screen.queryByRole('link', { name: 'Ada Lovelace' }),
    ).not.toBeInTheDocument();
  });
});

describe('an unbound deployment', () => {
  it('shows its status and what to ask for, and claims nothing more', async () => {
    show({
      deployments: () => [
        deployment({
          binding: { state: 'unbound', reason: 'Only its name says so.' },
          wanted: undefined,
          serving: undefined,
          actions: [
            {
              action: 'sync',
              available: false,
              code: 'delivery.unbound',
              reason: 'It is unbound.',
            },
          ],
        }),
      ],
    });
    expect(await screen.findByText(/Only its name says so/)).toBeVisible();
    expect(screen.getByText(/backstage.io\/entity-ref/)).toBeInTheDocument();
    expect(screen.queryByText(/Nobody can say/)).not.toBeInTheDocument();
    expect(screen.queryByText('Policy')).not.toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Sync' }),
    ).toHaveAccessibleDescription(/It is unbound/);
  });
});
