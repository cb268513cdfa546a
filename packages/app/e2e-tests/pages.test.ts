import AxeBuilder from '@axe-core/playwright';
import { Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, signIn, test } from './support/test';
import { Portal } from './support/portal';

const IMAGES = resolve(__dirname, '..', '..', '..', 'docs', 'images');

const PAGES = [
  {
    name: 'the fleet',
    path: '/deployments',
    shows: (page: Page) => page.getByRole('gridcell').first(),
  },
  {
    name: 'the deployments of a service',
    path: '/catalog/default/component/checkout/deployments',
    shows: (page: Page) => page.getByRole('region', { name: 'Production' }),
  },
  {
    name: 'the activity',
    path: '/deployments/activity',
    shows: (page: Page) =>
      page.getByRole('heading', { name: 'Activity', exact: true }),
  },
  {
    name: 'the overview of a service',
    path: '/catalog/default/component/checkout',
    shows: (page: Page) =>
      page.getByRole('link', { name: 'All about its deployments' }),
  },
];

const WIDTHS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];

/** What axe calls serious or worse, in words that say where. */
async function seriousFindings(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

async function scrollsSideways(page: Page) {
  return page.evaluate(
    () =>
      document.documentElement.scrollWidth >
      document.documentElement.clientWidth,
  );
}

async function open(
  page: Page,
  portal: Portal,
  { path, shows }: (typeof PAGES)[number],
) {
  await signIn(page, portal, 'Tomas Okafor', path);
  await expect(shows(page)).toBeVisible();
}

for (const size of WIDTHS) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`at ${size.width} pixels, ${colorScheme}`, () => {
      test.use({ viewport: size, colorScheme });
      for (const entry of PAGES) {
        test(`${entry.name} is accessible and does not scroll sideways`, async ({
          page,
          portal,
        }) => {
          await open(page, portal, entry);
          expect(await scrollsSideways(page)).toBe(false);
          expect(await seriousFindings(page)).toEqual([]);
        });
      }
    });
  }
}

test('the sign-in page is accessible on a phone', async ({ page, portal }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(portal.url);
  await page.getByRole('button', { name: /sign in/i }).click();
  await expect(
    page.getByRole('button', { name: 'Vera Lindqvist' }),
  ).toBeVisible();
  expect(await scrollsSideways(page)).toBe(false);
  expect(await seriousFindings(page)).toEqual([]);
});

test('the fleet is walked with the keyboard alone', async ({
  page,
  portal,
}) => {
  await open(page, portal, PAGES[0]);
  await page.keyboard.press('/');
  await page.keyboard.type('checkout');
  await expect(page).toHaveURL(/q=checkout/);
  await expect(
    page.getByRole('rowheader', { name: 'Payment', exact: true }),
  ).toBeHidden();

  const cell = page.getByRole('row').filter({
    has: page.getByRole('rowheader', { name: 'Checkout', exact: true }),
  });
  await expect(cell).toBeVisible();
  // Tab leads into the grid, arrows through it, Enter to the service.
  for (let presses = 0; presses < 10; presses += 1) {
    await page.keyboard.press('Tab');
    const inGrid = await page.evaluate(
      () => document.activeElement?.closest('[role="grid"]') !== null,
    );
    if (inGrid) {
      break;
    }
  }
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(
    /\/catalog\/default\/component\/checkout\/deployments/,
  );
});

test('the picture of the README is what the fleet looks like', async ({
  page,
  portal,
}, info) => {
  await portal.scenario('bad-image', {
    service: 'customer',
    environment: 'staging',
  });
  try {
    await open(page, portal, PAGES[0]);
    await expect(page.getByText(/needs? attention/).first()).toBeVisible();
    await expect(
      page.getByRole('row').filter({
        has: page.getByRole('rowheader', { name: 'Customer', exact: true }),
      }),
    ).toContainText('broken', { timeout: 30_000 });
    // Made anew on request only, or every run would change the repository.
    const folder = process.env.SLIPWAY_UPDATE_IMAGES ? IMAGES : info.outputDir;
    mkdirSync(folder, { recursive: true });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.screenshot({ path: join(folder, 'fleet.png') });
  } finally {
    await portal.scenario('restore');
  }
});
