import { Browser, BrowserContext, chromium, Page } from '@playwright/test';

/** Starts the Chromium that `./slipway` found. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.SLIPWAY_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Tabs behind others are as awake as the one in front, as on a wall of
      // screens: the harder case for the backend.
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
    ],
  });
}

/** Signs in as one of the sandbox's people, and opens the fleet. */
export async function openFleet(options: {
  context: BrowserContext;
  url: string;
  person: string;
}): Promise<Page> {
  const { context, url, person } = options;
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${url}/deployments`);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.getByRole('button', { name: person }).click();
  await page.waitForURL(at => at.origin === url);
  await gridOf(page).waitFor();
  return page;
}

/** The table of services and environments. */
export function gridOf(page: Page) {
  return page.getByRole('grid', { name: 'Services and their environments' });
}
