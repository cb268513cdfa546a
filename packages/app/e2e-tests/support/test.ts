import { expect, Page, test as base } from '@playwright/test';
import { Portal, startPortal } from './portal';

export { expect };

/** Tests over one portal, which a worker starts once. */
export const test = base.extend<{ errors: string[] }, { portal: Portal }>({
  portal: [
    // Playwright reads the fixtures that one needs from this pattern.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const portal = await startPortal();
      await use(portal);
      await portal.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  /** Errors that the page's own scripts threw; a test ends by finding none. */
  errors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', error => errors.push(String(error)));
      await use(errors);
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});

/** Signs in by the provider's own page, as the person of that name. */
export async function signIn(
  page: Page,
  portal: Portal,
  person: string,
  path = '/',
) {
  await page.goto(`${portal.url}${path}`);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.getByRole('button', { name: person }).click();
  await page.waitForURL(url => url.origin === portal.url);
}
