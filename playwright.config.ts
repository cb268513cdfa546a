import { defineConfig } from '@playwright/test';

/**
 * Browser tests of the whole portal over the sandbox. Each worker starts both
 * (e2e-tests/support/portal.ts); there is one worker, because a scenario changes
 * the world for everybody in it.
 */
export default defineConfig({
  testDir: 'packages/app/e2e-tests',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.SLIPWAY_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
