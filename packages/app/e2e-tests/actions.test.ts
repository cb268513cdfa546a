import AxeBuilder from '@axe-core/playwright';
import { confirm, deploymentsOf, tabOf } from './support/deployments';
import { clone } from './support/git';
import { expect, signIn, test } from './support/test';

/** Operations on an application that the portal's account was given. */
async function operationsOf(
  portal: { sandbox: { urls: { argocd: Record<string, string> } } } & {
    sandbox: {
      credentials: { argocd: Record<string, { adminToken: string }> };
    };
  },
  application: string,
) {
  const { urls, credentials } = portal.sandbox;
  const response = await fetch(
    `${urls.argocd.microservices}/api/v1/applications/${application}`,
    {
      headers: {
        authorization: `Bearer ${credentials.argocd.microservices.adminToken}`,
      },
    },
  );
  return response.json() as Promise<{
    status: {
      history: { id: number; revision: string }[];
      operationState?: {
        phase: string;
        operation: { info?: { name: string; value: string }[] };
      };
    };
  }>;
}

test('of two people who saw the same, the second is shown what changed', async ({
  page,
  browser,
  portal,
}) => {
  await portal.scenario('new-commit', {
    service: 'media',
    environment: 'production',
    tag: 'v8.1.0',
  });
  const context = await browser.newContext();
  const other = await context.newPage();
  await signIn(page, portal, 'Marco Silva', deploymentsOf('media'));
  await signIn(other, portal, 'Aiko Tanaka', deploymentsOf('media'));
  await expect(tabOf(page).column('Production')).toContainText('v8.1.0');
  await expect(tabOf(other).column('Production')).toContainText('v8.1.0');
  const mine = await tabOf(page).ask('Production', 'Sync');
  const theirs = await tabOf(other).ask('Production', 'Sync');
  await expect(theirs).toContainText('This is Production.');
  const reason = theirs.getByRole('textbox', { name: /Why/ });
  await reason.fill('Second, and not needed');

  await confirm(mine, { reason: 'First', button: 'Sync Production' });
  await expect(tabOf(page).progress('Production', 'Sync')).toContainText(
    'Done',
  );
  await theirs.getByRole('button', { name: 'Sync Production' }).click();
  await expect(theirs).toContainText('Changed since you looked');
  await expect(reason).toHaveValue('Second, and not needed');
  // Both see who did it.
  await theirs.getByRole('button', { name: 'Cancel' }).click();
  await expect(tabOf(other).progress('Production', 'Sync')).toContainText(
    'Marco Silva',
  );
  await context.close();
});

test('a revert survives the death of the backend, and is committed once', async ({
  page,
  portal,
}) => {
  test.slow();
  const repository = clone(portal, 'microservices/gitops');
  await signIn(page, portal, 'Marco Silva', deploymentsOf('inventory'));
  const dialog = await tabOf(page).ask('Production', 'Revert');
  await confirm(dialog, {
    reason: 'Counts stock twice',
    button: 'Revert Production',
  });
  // In the middle of it, without a chance to put anything in order
  await portal.stopPortal('SIGKILL');
  await portal.startPortal();
  await page.reload();
  const progress = tabOf(page).progress('Production', 'Revert');
  await expect(progress).toContainText('Done', { timeout: 120_000 });
  const commits = repository
    .log('--format=%(trailers:key=Slipway-Action,valueonly)', '-n', '20')
    .split('\n')
    .filter(Boolean);
  const { status } = await operationsOf(portal, 'inventory-production');
  const action = status.operationState?.operation.info?.find(
    ({ name }) => name === 'slipway.dev/action',
  )?.value;
  expect(commits.filter(id => id === action)).toHaveLength(1);
  repository.dispose();
});

test('a freeze is told as such, with its end, and can be read before asking', async ({
  page,
  portal,
}) => {
  await portal.scenario('freeze', { instance: 'microservices', minutes: 30 });
  await signIn(page, portal, 'Marco Silva', deploymentsOf('returns'));
  const dialog = await tabOf(page).ask('Production', 'Sync');
  await expect(dialog).toContainText('Not possible now');
  await expect(dialog).toContainText(/Argo CD forbids syncs now/);
  await expect(dialog).toContainText(/Until .*your time/);
  await expect(
    dialog.getByRole('button', { name: 'Sync Production' }),
  ).toHaveCount(0);
  await portal.scenario('restore');
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  test.describe(`at ${viewport.width} pixels`, () => {
    test.use({ viewport });

    test('a refresh is asked for by keyboard alone', async ({
      page,
      portal,
    }) => {
      await signIn(page, portal, 'Marco Silva', deploymentsOf('review'));
      const menu = tabOf(page)
        .column('Staging')
        .getByRole('button', { name: /^Actions on/ });
      await menu.focus();
      await page.keyboard.press('Enter');
      const refresh = page.getByRole('button', {
        name: 'Refresh',
        exact: true,
      });
      for (let tries = 0; tries < 6; tries += 1) {
        if (await refresh.evaluate(it => it === document.activeElement)) {
          break;
        }
        await page.keyboard.press('ArrowDown');
      }
      await expect(refresh).toBeFocused();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      const reason = dialog.getByRole('textbox', { name: /Why/ });
      await expect(reason).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.filter(({ impact }) =>
          ['serious', 'critical'].includes(impact ?? ''),
        ),
      ).toEqual([]);
      expect(
        await page.evaluate(
          () =>
            document.documentElement.scrollWidth >
            document.documentElement.clientWidth,
        ),
      ).toBe(false);
      for (let tries = 0; tries < 12; tries += 1) {
        if (await reason.evaluate(it => it === document.activeElement)) {
          break;
        }
        await page.keyboard.press('Tab');
      }
      await page.keyboard.type('Has it seen the new chart?');
      const button = dialog.getByRole('button', { name: 'Refresh Staging' });
      for (let tries = 0; tries < 6; tries += 1) {
        await page.keyboard.press('Tab');
        if (await button.evaluate(it => it === document.activeElement)) {
          break;
        }
      }
      await page.keyboard.press('Enter');
      await expect(dialog).toBeHidden();
      await expect(tabOf(page).progress('Staging', 'Refresh')).toContainText(
        'Done',
      );
    });
  });
}
