import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { DEPLOYMENT_STATUSES } from '@slipway/plugin-delivery-common';
import {
  EmptyState,
  ObservationNote,
  RelativeTime,
  ReleaseChip,
  StatusBadge,
  UpstreamBanner,
} from '.';

const minutesAgo = (minutes: number) =>
  // Half a minute more, for the clock of the page ticks every few seconds.
  new Date(Date.now() - (minutes + 0.5) * 60_000).toISOString();

describe('StatusBadge', () => {
  it.each(DEPLOYMENT_STATUSES.map(status => [status]))(
    'says %s in a word even where only the glyph is seen',
    async status => {
      await renderInTestApp(<StatusBadge status={status} glyphOnly />);
      expect(screen.getByText(new RegExp(status, 'i'))).toBeInTheDocument();
    },
  );

  it('never calls healthy what was never seen', async () => {
    await renderInTestApp(
      <StatusBadge status="healthy" observation={{ state: 'unknown' }} />,
    );
    expect(screen.getByText('Unknown')).toBeInTheDocument();
    expect(screen.queryByText(/healthy/i)).not.toBeInTheDocument();
  });

  it('says that a state is the last known one, and that it is unbound', async () => {
    await renderInTestApp(
      <StatusBadge
        status="degraded"
        observation={{ state: 'stale' }}
        bound={false}
      />,
    );
    expect(
      screen.getByText('Degraded, last known, unbound'),
    ).toBeInTheDocument();
  });
});

describe('RelativeTime', () => {
  it('gives the exact UTC time to the keyboard', async () => {
    const at = minutesAgo(12);
    await renderInTestApp(<RelativeTime at={at} />);
    expect(screen.getByText('12 min ago')).toBeInTheDocument();
    await userEvent.tab();
    expect(
      await screen.findByText(`${at.slice(0, 19).replace('T', ' ')} UTC`),
    ).toBeInTheDocument();
  });

  it('says so when a time cannot be read', async () => {
    await renderInTestApp(<RelativeTime at="soon" />);
    expect(screen.getByText('at an unknown time')).toBeInTheDocument();
  });
});

describe('ReleaseChip', () => {
  const revisions = (url: string) => [
    {
      kind: 'git' as const,
      revision: 'a'.repeat(40),
      commit: { sha: 'a'.repeat(40), url },
    },
  ];

  it('links to the commit', async () => {
    await renderInTestApp(
      <ReleaseChip
        release={{
          tag: '1.9.0',
          revisions: revisions('https://git.example/c/a'),
        }}
      />,
    );
    expect(
      screen.getByRole('link', { name: 'Release 1.9.0: open commit aaaaaaa' }),
    ).toHaveAttribute('href', 'https://git.example/c/a');
  });

  it('does not make a link of an address that would run as a script', async () => {
    await renderInTestApp(
      <ReleaseChip
        release={{
          tag: '1.9.0',
          // eslint-disable-next-line no-script-url -- it is what is tested
          revisions: revisions('javascript:alert(1)'),
        }}
      />,
    );
    expect(screen.getByText('1.9.0')).toBeInTheDocument();
    expect(screen.queryByRole('link')).not.toBeInTheDocument();
  });

  it('shows image and digest on focus', async () => {
    await renderInTestApp(
      <ReleaseChip
        release={{
          image: 'registry.example/checkout',
          tag: '1.9.0',
          digest: `sha256:${'b'.repeat(64)}`,
          revisions: [],
        }}
      />,
    );
    await userEvent.tab();
    expect(
      await screen.findByText('registry.example/checkout'),
    ).toBeInTheDocument();
    expect(screen.getByText('sha256:bbbbbbbbbbbb')).toBeInTheDocument();
  });
});

describe('ObservationNote', () => {
  it('says how old a figure is and why', async () => {
    await renderInTestApp(
      <ObservationNote
        observation={{
          source: 'argocd:n9',
          state: 'stale',
          observedAt: minutesAgo(12),
          reason: 'Argo CD n9 does not answer (connection refused).',
        }}
      />,
    );
    expect(
      screen.getByText(
        '12 min old: Argo CD n9 does not answer (connection refused)',
      ),
    ).toBeInTheDocument();
  });
});

describe('UpstreamBanner', () => {
  const live = {
    id: 'argocd:main',
    title: 'Argo CD main',
    kind: 'argocd',
    state: 'live' as const,
    since: minutesAgo(500),
  };

  it('is not there while everything is live', async () => {
    await renderInTestApp(<UpstreamBanner upstreams={[live]} />);
    expect(screen.queryByRole('status')).not.toBeInTheDocument();
  });

  it('says what failed and that the rest is current', async () => {
    await renderInTestApp(
      <UpstreamBanner
        upstreams={[
          live,
          {
            ...live,
            id: 'argocd:n9',
            title: 'Argo CD n9',
            state: 'down',
            reason: 'Connection refused.',
          },
        ]}
      />,
    );
    expect(screen.getByRole('status')).toHaveTextContent(
      /Argo CD n9 has not answered since .*: Connection refused\. .*Everything else is current\./,
    );
  });

  it('does not promise that the rest is current when there is no rest', async () => {
    await renderInTestApp(
      <UpstreamBanner upstreams={[{ ...live, state: 'refused' }]} />,
    );
    expect(screen.getByRole('status')).toHaveTextContent(/refused/);
    expect(screen.getByRole('status')).not.toHaveTextContent(/Everything else/);
  });
});

describe('EmptyState', () => {
  const state = (
    <EmptyState
      title="Nothing here"
      description="Add this."
      snippets={[{ title: 'To the file', what: 'the line', text: 'a: b' }]}
    />
  );

  it('copies what to add, and says so', async () => {
    const user = userEvent.setup();
    const write = jest.spyOn(navigator.clipboard, 'writeText');
    await renderInTestApp(state);
    await user.click(screen.getByRole('button', { name: 'Copy the line' }));
    expect(await screen.findByText('Copied')).toBeInTheDocument();
    expect(write).toHaveBeenCalledWith('a: b');
  });

  it('says what to do where the browser does not let it copy', async () => {
    const user = userEvent.setup();
    jest
      .spyOn(navigator.clipboard, 'writeText')
      .mockRejectedValueOnce(new Error('denied'));
    await renderInTestApp(state);
    await user.click(screen.getByRole('button', { name: 'Copy the line' }));
    expect(
      await screen.findByText(/select the text instead/),
    ).toBeInTheDocument();
  });
});
