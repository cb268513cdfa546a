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
    jest
      .spyOn(window, 'fetch')
      .mockRejectedValue(new TypeError('There is no network in this test'));
  });

  it('asks who one is before it shows anything, and offers no guest', async () => {
    render(app.createRoot());
    expect(
      await screen.findByRole(
        'button',
        { name: 'Sign In' },
        { timeout: START },
      ),
    ).toBeInTheDocument();
    expect(screen.getByText('Single sign-on')).toBeInTheDocument();
    expect(screen.queryByText(/guest/i)).not.toBeInTheDocument();
  });
});
