import AxeBuilder from '@axe-core/playwright';
import { BrowserContext, Page } from '@playwright/test';
import { clone } from './support/git';
import { Portal } from './support/portal';
import { expect, signIn, test } from './support/test';

const PEOPLE = 'organization/users.yaml';

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

/** Signs out by the navigation, wherever it is at this width. */
async function signOut(page: Page) {
  const menu = page.getByTestId('mobile-sidebar-root');
  if (await menu.isVisible()) {
    await menu.getByRole('button', { name: 'You' }).click();
  }
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await expect(
    page.getByRole('heading', { name: 'You are signed out' }),
  ).toBeVisible();
}

/**
 * Loses the session as a provider that ends it would, and lets the page ask for
 * something.
 */
async function endSession(context: BrowserContext, page: Page) {
  await context.clearCookies();
  let refused = 0;
  await page.route('**/api/delivery/**', async route => {
    refused += 1;
    await route.fulfill({ status: 401, json: { error: { message: 'No' } } });
    // The next one reaches the portal again, with the token of then
    await page.unroute('**/api/delivery/**');
  });
  await page
    .getByRole('button', { name: 'Owned by me' })
    .click({ timeout: 5_000 })
    // The page may have asked by itself by now, and stand behind the dialog
    .catch(() => undefined);
  return () => refused;
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`at ${viewport.width} pixels, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });

      test('signing in, being somebody and signing out can be done by everybody', async ({
        page,
        portal,
      }) => {
        await page.goto(`${portal.url}/deployments`);
        await expect(
          page.getByRole('heading', { name: 'Sign in to Slipway' }),
        ).toBeVisible();
        expect(await seriousFindings(page)).toEqual([]);
        expect(await scrollsSideways(page)).toBe(false);

        await signIn(page, portal, 'Tomas Okafor', '/you');
        await expect(
          page.getByRole('link', { name: 'Checkout team' }),
        ).toBeVisible();
        expect(await seriousFindings(page)).toEqual([]);
        expect(await scrollsSideways(page)).toBe(false);

        await signOut(page);
        expect(await seriousFindings(page)).toEqual([]);
        expect(await scrollsSideways(page)).toBe(false);
      });
    });
  }
}

test('the back button shows nothing after signing out, and the portal answers nothing', async ({
  page,
  portal,
}) => {
  await signIn(page, portal, 'Marco Silva', '/deployments');
  await expect(page.getByRole('gridcell').first()).toBeVisible();
  await signOut(page);
  await page.goBack();
  await expect(page.getByRole('button', { name: /sign in/i })).toBeVisible();
  await expect(page.getByRole('grid')).toHaveCount(0);
  const refresh = await page.request.get(
    `${portal.url}/api/auth/oidc/refresh?env=portal`,
    { headers: { 'x-requested-with': 'XMLHttpRequest' } },
  );
  expect(refresh.status()).toBe(401);
});

test('signing out in one tab leaves no other tab signed in', async ({
  context,
  page,
  portal,
}) => {
  await signIn(page, portal, 'Marco Silva', '/you');
  const other = await context.newPage();
  await other.goto(`${portal.url}/you`);
  await expect(
    other.getByRole('heading', { name: 'Marco Silva' }),
  ).toBeVisible();
  await signOut(page);
  await expect(
    other.getByRole('heading', { name: 'You are signed out' }),
  ).toBeVisible();
});

test('somebody else can sign in after signing out', async ({
  page,
  portal,
}) => {
  await signIn(page, portal, 'Tomas Okafor', '/you');
  await signOut(page);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.getByRole('button', { name: 'Helena Brandt' }).click();
  await page.waitForURL(url => url.origin === portal.url);
  await page.goto(`${portal.url}/you`);
  await expect(
    page.getByRole('heading', { name: 'Helena Brandt' }),
  ).toBeVisible();
});

test('a session that ends at work is renewed in a window, and the page goes on', async ({
  context,
  page,
  portal,
}) => {
  await signIn(page, portal, 'Tomas Okafor', '/deployments');
  await expect(page.getByRole('gridcell').first()).toBeVisible();
  const marker = await page.evaluate(() => {
    const value = Math.random().toString();
    (window as unknown as { marker: string }).marker = value;
    return value;
  });
  const refused = await endSession(context, page);
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await expect(dialog).toBeVisible();
  expect(refused()).toBe(1);
  expect(await seriousFindings(page)).toEqual([]);
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    dialog.getByRole('button', { name: 'Sign in again' }).click(),
  ]);
  await popup.getByRole('button', { name: 'Tomas Okafor' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('gridcell').first()).toBeVisible();
  // The same page, never loaded anew: what was typed into it is still there
  expect(
    await page.evaluate(() => (window as unknown as { marker: string }).marker),
  ).toBe(marker);
});

test('a page starts anew for somebody else who signs in where a session ended', async ({
  context,
  page,
  portal,
}) => {
  await signIn(page, portal, 'Tomas Okafor', '/deployments');
  await expect(page.getByRole('gridcell').first()).toBeVisible();
  await endSession(context, page);
  const dialog = page.getByRole('dialog');
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    dialog.getByRole('button', { name: 'Sign in again' }).click(),
  ]);
  await popup.getByRole('button', { name: 'Vera Lindqvist' }).click();
  await expect(page).toHaveURL(`${portal.url}/deployments`);
  await page.goto(`${portal.url}/you`);
  await expect(
    page.getByRole('heading', { name: 'Vera Lindqvist' }),
  ).toBeVisible();
});

test('a link with words of its own in it shows none of them', async ({
  page,
  portal,
}) => {
  await page.goto(
    `${portal.url}/deployments?error=Your+account+is+locked.+Call+0800+EVIL`,
  );
  await expect(
    page.getByRole('heading', { name: 'Signing in did not work' }),
  ).toBeVisible();
  await expect(page.getByText('EVIL')).toHaveCount(0);
  await expect(page).toHaveURL(`${portal.url}/deployments`);
});

test.describe('when the catalog changes', () => {
  /** Changes the people of the catalog until `work` is done. */
  async function withPeople(
    portal: Portal,
    change: (text: string) => string,
    work: () => Promise<void>,
  ) {
    const catalog = clone(portal, 'slipway/catalog');
    const before = catalog.read(PEOPLE);
    try {
      catalog.push({ path: PEOPLE, change, message: 'Change the people' });
      await work();
    } finally {
      catalog.push({
        path: PEOPLE,
        change: () => before,
        message: 'Bring the people back',
      });
      catalog.dispose();
    }
  }

  test('somebody who changed teams sees it when looking again', async ({
    page,
    portal,
  }) => {
    test.setTimeout(120_000);
    await signIn(page, portal, 'Priya Raman', '/you');
    await expect(
      page.getByRole('link', { name: 'Payments team' }),
    ).toBeVisible();
    await withPeople(
      portal,
      text =>
        text.replace(
          /(name: priya\.raman\n[\s\S]*?memberOf:\n\s+- )payments-team/,
          '$1checkout-team',
        ),
      async () => {
        await expect(async () => {
          await page.getByRole('button', { name: 'Look again' }).click();
          await expect(
            page.getByText(
              'You are now in checkout-team. You are no longer in payments-team.',
            ),
          ).toBeVisible({ timeout: 2_000 });
        }).toPass({ timeout: 60_000 });
        await expect(
          page.getByRole('link', { name: 'Checkout team' }),
        ).toBeVisible();
      },
    );
  });

  test('somebody whom the catalog does not know reads which account was tried', async ({
    browser,
    portal,
  }) => {
    test.setTimeout(120_000);
    await withPeople(
      portal,
      text => text.replace('vera.lindqvist@', 'vera.moved-on@'),
      async () => {
        await expect(async () => {
          const context = await browser.newContext();
          try {
            const page = await context.newPage();
            await signIn(page, portal, 'Vera Lindqvist', '/deployments');
            await expect(
              page.getByRole('heading', {
                name: 'The catalog does not know you',
              }),
            ).toBeVisible({ timeout: 5_000 });
            await expect(
              page.getByText('vera.lindqvist@slipway.example').first(),
            ).toBeVisible();
            expect(await seriousFindings(page)).toEqual([]);

            // Another account gets in from there, to the page asked for
            await page
              .getByRole('button', { name: 'Sign in with another account' })
              .click();
            await page.getByRole('button', { name: 'Aiko Tanaka' }).click();
            await expect(page).toHaveURL(`${portal.url}/deployments`);
            await expect(page.getByRole('gridcell').first()).toBeVisible();
          } finally {
            await context.close();
          }
        }).toPass({ timeout: 90_000 });
      },
    );
  });
});
