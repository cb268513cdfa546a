import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { setupServer } from 'msw/node';
import { registerMswTestHooks } from '@backstage/frontend-test-utils';
import { FleetPage } from './components/FleetPage';
import { action, backend } from './__testUtils__/backend';
import { renderPage } from './__testUtils__/renderPage';

const server = setupServer();
registerMswTestHooks(server);

// jsdom lays nothing out, and a virtual list shows what fits into its height.
beforeEach(() => {
  jest.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(800);
  jest.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1280);
  HTMLElement.prototype.scrollTo = () => {};
});
afterEach(() => jest.restoreAllMocks());

function show(options: Parameters<typeof backend>[0] = {}) {
  const { handlers, ...seen } = backend(options);
  server.use(...handlers);
  renderPage(<FleetPage />);
  return seen;
}

describe('actions in the fleet', () => {
  it('open by a key, follow what was asked for, and give the focus back', async () => {
    const { asked } = show({
      actions: [
        action({ phase: 'succeeded', summary: 'Production serves 1.9.0.' }),
      ],
    });
    const link = await screen.findByRole('link', { name: 'checkout' });
    act(() => link.focus());
    await userEvent.keyboard('{ArrowRight}');
    const cell = document.activeElement as HTMLElement;
    expect(cell).toHaveAttribute('role', 'gridcell');
    await userEvent.keyboard('a');
    expect(await screen.findByRole('button', { name: 'Sync' })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await screen.findByRole('dialog', { name: 'Sync checkout in Production' });
    await userEvent.type(
      await screen.findByRole('textbox', { name: /Why/ }),
      'Release',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Sync Production' }),
    );
    expect(
      (await screen.findAllByText(/Production serves 1.9.0./))[0],
    ).toBeInTheDocument();
    expect(asked).toHaveLength(1);
    // The arrow keys move in the dialog, not in the grid behind it.
    await userEvent.keyboard('{ArrowLeft}{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    await waitFor(() => expect(cell).toHaveFocus());
  });

  it('open by the button of the cell without opening the tab', async () => {
    show();
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Actions on checkout in Production',
      }),
    );
    expect(
      await screen.findByRole('button', { name: 'Refresh' }),
    ).toBeVisible();
    expect(screen.getByLabelText('address')).toHaveTextContent(/^\/$/);
  });
});
