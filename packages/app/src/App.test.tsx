import { render, screen } from '@testing-library/react';
import { app } from './App';

// Slow: the whole app starts, with every plugin's extensions, from source.
const START = 60_000;
jest.setTimeout(2 * START);

describe('the portal', () => {
  beforeEach(() => {
    // The app reads its configuration from here before any network.
    process.env = {
      NODE_ENV: 'test',
      APP_CONFIG: [
        {
          context: 'test',
          data: {
            app: { title: 'Slipway', baseUrl: 'http://localhost:3000' },
            backend: { baseUrl: 'http://localhost:7007' },
            auth: { environment: 'portal' },
          },
        },
      ] as never,
    };
    // A backend that knows nobody's session
    jest
      .spyOn(window, 'fetch')
      .mockImplementation(
        async () =>
          new Response(
            JSON.stringify({ error: { message: 'Missing session cookie' } }),
            { status: 401 },
          ),
      );
  });

  it('asks who one is before it shows anything, and offers no guest', async () => {
    render(app.createRoot());
    expect(
      await screen.findByRole(
        'button',
        { name: 'Sign in' },
        { timeout: START },
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: 'Sign in to Slipway' }),
    ).toBeInTheDocument();
    expect(screen.queryByText(/guest/i)).not.toBeInTheDocument();
  });
});
