import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { registerMswTestHooks } from '@backstage/frontend-test-utils';
import { ActivityEntry } from '@slipway/plugin-delivery-common';
import { ActivityPage } from './components/Activity';
import { DeploymentsTab } from './components/DeploymentsTab';
import { backend, REF, refusal } from './__testUtils__/backend';
import { renderPage } from './__testUtils__/renderPage';

const server = setupServer();
registerMswTestHooks(server);

const entry = (change: Partial<ActivityEntry> = {}): ActivityEntry => ({
  id: '1',
  at: '2026-11-22T14:00:00Z',
  event: 'succeeded',
  action: 'sync',
  entityRef: REF,
  environment: 'production',
  target: { instance: 'main', application: 'checkout-production' },
  actor: { ref: 'user:default/ada', kind: 'user' },
  reason: 'The release is announced',
  stateSeen: 'It served 1.8.2, git asked for 1.9.0.',
  result: 'It serves 1.9.0.',
  ...change,
});

function show(
  activity: (query: URLSearchParams) => Response,
  options: { address?: string; element?: JSX.Element } = {},
) {
  const queries: string[] = [];
  const { handlers } = backend({
    activity: query => {
      queries.push(query.toString());
      return activity(query);
    },
  });
  server.use(...handlers);
  renderPage(options.element ?? <ActivityPage />, options);
  return queries;
}

const page = (entries: ActivityEntry[], nextCursor?: string) =>
  HttpResponse.json({ entries, nextCursor });

describe('the activity page', () => {
  it('tells a dry run from a sync, and says how it was asked for', async () => {
    show(() =>
      page([
        entry({ options: { dryRun: true } }),
        entry({ id: '2', options: { prune: true, force: true } }),
      ]),
    );
    const lines = await screen.findAllByRole('listitem');
    expect(lines[0]).toHaveTextContent(/Dry run of a sync/);
    expect(lines[1]).not.toHaveTextContent(/Dry run/);
    expect(lines[1]).toHaveTextContent(/HowPrune, Force/);
  });

  it('says who asked for what, where, why, what they saw and what came of it', async () => {
    show(() =>
      page([
        entry(),
        entry({
          id: '2',
          event: 'refused',
          action: 'revert',
          actor: { ref: 'plugin:scaffolder', kind: 'service' },
          result: 'Only owners may.',
        }),
      ]),
    );
    const lines = within(
      await screen.findByRole('list', { name: 'Activity, newest first' }),
    ).getAllByRole('listitem');
    expect(lines[0]).toHaveTextContent(
      /Done.*Sync of checkout in Production.*checkout-production on Argo CD main/,
    );
    expect(lines[0]).toHaveTextContent(/Why.*The release is announced/);
    expect(lines[0]).toHaveTextContent(/What they saw.*It served 1.8.2/);
    expect(lines[0]).toHaveTextContent(/What came of it.*It serves 1.9.0/);
    expect(
      await within(lines[0]).findByRole('link', { name: 'Ada Lovelace' }),
    ).toBeVisible();
    expect(lines[1]).toHaveTextContent(
      /Refused.*plugin:scaffolder.*automation/,
    );
  });

  it('asks for what the address says, and writes what is chosen into it', async () => {
    const queries = show(() => page([entry()]), {
      address: `/?entity=${REF}&environment=production&person=user:default/ada`,
    });
    await screen.findByRole('list', { name: 'Activity, newest first' });
    expect(Object.fromEntries(new URLSearchParams(queries[0]))).toEqual({
      entityRef: REF,
      environment: 'production',
      actor: 'user:default/ada',
      limit: '25',
    });
    await userEvent.click(
      screen.getByRole('button', { name: /What came of it/ }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: 'Refused' }),
    );
    await waitFor(() =>
      expect(screen.getByLabelText('address')).toHaveTextContent(
        'show=refused',
      ),
    );
    await waitFor(() =>
      expect(queries[queries.length - 1]).toContain('event=refused'),
    );
  });

  it('lets the catalog search for the person to filter by', async () => {
    const queries = show(() => page([entry()]));
    await userEvent.type(
      await screen.findByRole('combobox', { name: /Person/ }),
      'Ada',
    );
    await userEvent.click(
      await screen.findByRole('option', { name: /Ada Lovelace/ }),
    );
    await waitFor(() =>
      expect(queries[queries.length - 1]).toContain(
        'actor=user%3Adefault%2Fada',
      ),
    );
    expect(await screen.findByRole('combobox', { name: /Person/ })).toHaveValue(
      'Ada Lovelace',
    );
  });

  it('loads older activity by the cursor', async () => {
    show(query =>
      query.get('cursor') === 'next'
        ? page([entry({ id: '2', reason: 'Older' })])
        : page([entry()], 'next'),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show older activity' }),
    );
    expect(await screen.findByText('Older')).toBeVisible();
    expect(screen.getByText('The release is announced')).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Show older activity' }),
    ).not.toBeInTheDocument();
  });

  it('leads back from filters that leave nothing', async () => {
    show(query => (query.get('event') ? page([]) : page([entry()])), {
      address: '/?show=refused',
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show all activity' }),
    );
    expect(await screen.findByText('The release is announced')).toBeVisible();
    expect(screen.getByLabelText('address')).toHaveTextContent(/^\/$/);
  });

  it('says what will be here when nothing has happened yet', async () => {
    show(() => page([]));
    expect(
      await screen.findByText('There is no activity that you may read'),
    ).toBeVisible();
  });

  it('says whom to ask when it may not be read', async () => {
    show(() => refusal(403, 'delivery.activity-not-allowed'));
    expect(
      await screen.findByText('You may not read this activity'),
    ).toBeVisible();
  });

  it('offers to sign in again when the session has ended', async () => {
    show(() => refusal(401));
    expect(await screen.findByText('Your session has ended')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Sign in again' })).toBeVisible();
  });
});

describe('activity on the tab', () => {
  it('is the last few lines of this service', async () => {
    const queries = show(() => page([entry()], 'more'), {
      element: <DeploymentsTab />,
    });
    const activity = await screen.findByRole('region', { name: 'Activity' });
    expect(
      await within(activity).findByText('The release is announced'),
    ).toBeVisible();
    expect(new URLSearchParams(queries[0]).get('entityRef')).toBe(REF);
  });

  it('says that it may not be read, and leaves the rest alone', async () => {
    show(() => refusal(403, 'delivery.activity-not-allowed'), {
      element: <DeploymentsTab />,
    });
    expect(
      await screen.findByText('You may not read the activity of this service.'),
    ).toBeVisible();
    expect(screen.getByText('Production serves 1.8.2.')).toBeVisible();
  });
});
