import { confirm, deploymentsOf, tabOf } from './support/deployments';
import { clone } from './support/git';
import { expect, signIn, test } from './support/test';

// One working day a persona: what they come for, and what they are kept from.

test('a viewer sees everything, may do nothing, and is told why', async ({
  page,
  portal,
}) => {
  await signIn(page, portal, 'Vera Lindqvist', deploymentsOf('cart'));
  const tab = tabOf(page);
  await expect(tab.column('Production')).toContainText(/It serves v\d/);
  const sync = await tab.offered('Production', 'Sync');
  await expect(sync).toHaveAttribute('aria-disabled', 'true');
  await expect(sync).toHaveAccessibleDescription(/may not/);
  await page.keyboard.press('Escape');

  await page.goto(`${portal.url}/deployments/activity`);
  // What others asked for is not hers to read, not even that they did.
  await expect(
    page.getByRole('heading', {
      name: 'There is no activity that you may read',
    }),
  ).toBeVisible();
  await expect(
    page.getByRole('list', { name: 'Activity, newest first' }),
  ).toHaveCount(0);
});

test('a developer tries a sync of an own service, and production is not theirs', async ({
  page,
  portal,
}) => {
  await signIn(page, portal, 'Tomas Okafor', deploymentsOf('order'));
  const tab = tabOf(page);
  const dialog = await tab.ask('Staging', 'Sync');
  await expect(dialog).toContainText('order-staging');
  await dialog.getByRole('textbox', { name: /Why/ }).fill('Is it the config?');
  await dialog.getByRole('button', { name: 'Dry run' }).click();
  await expect(
    dialog.getByText('would be applied', { exact: false }).first(),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  const production = await tab.offered('Production', 'Sync');
  await expect(production).toHaveAttribute('aria-disabled', 'true');
  await expect(production).toHaveAccessibleDescription(/may not/);
  await page.keyboard.press('Escape');

  await page.goto(`${portal.url}${deploymentsOf('payment')}`);
  const foreign = await tab.offered('Staging', 'Sync');
  await expect(foreign).toHaveAttribute('aria-disabled', 'true');
});

test('a developer reverts in staging: a commit with name and reason, under auto-sync', async ({
  page,
  portal,
}) => {
  const repository = clone(portal, 'microservices/gitops');
  const file = 'apps/tax/overlays/staging/kustomization.yaml';
  const before = repository.read(file);

  await signIn(page, portal, 'Priya Raman', deploymentsOf('tax'));
  const tab = tabOf(page);
  const dialog = await tab.ask('Staging', 'Revert');
  await expect(dialog).toContainText(file);
  await confirm(dialog, {
    reason: 'Rounds the wrong way since this release',
    button: 'Revert Staging',
  });
  const progress = tab.progress('Staging', 'Revert');
  await expect(progress).toContainText('Rounds the wrong way');
  await expect(progress).toContainText('Done');
  await expect(progress).toContainText(/Commit [0-9a-f]{7}/);

  const after = repository.pull(file);
  expect(after).not.toBe(before);
  const [tagBefore, tagAfter] = [before, after].map(
    text => /newTag: (\S+)/.exec(text)?.[1],
  );
  expect(tagAfter).not.toBe(tagBefore);
  // Nothing but the release is another one.
  const rest = (text: string) => text.replace(/(newTag|digest): .*/g, '$1');
  expect(rest(after)).toBe(rest(before));
  const message = repository.log('--max-count=1', '--format=%an%n%cn%n%B');
  expect(message).toMatch(/^Priya Raman\n/);
  expect(message).toContain(
    `Revert tax-staging from ${tagBefore} to ${tagAfter}`,
  );
  expect(message).toMatch(/^Requested-by: user:default\/priya\.raman$/m);
  expect(message).toMatch(/^Reason: Rounds the wrong way/m);
  expect(message).toMatch(/^Slipway-Action: [0-9a-f-]{36}$/m);
  repository.dispose();

  await expect(tab.column('Staging')).toContainText(`${tagAfter}`);
});

test('an approver brings a release to production, and does not revert', async ({
  page,
  portal,
}) => {
  await portal.scenario('new-commit', {
    service: 'search',
    environment: 'production',
    tag: 'v9.9.0',
  });
  await signIn(page, portal, 'Helena Brandt', deploymentsOf('search'));
  const tab = tabOf(page);
  await expect(tab.column('Production')).toContainText('v9.9.0');
  const revert = await tab.offered('Production', 'Revert');
  await expect(revert).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');

  const dialog = await tab.ask('Production', 'Sync');
  await expect(dialog).toContainText('This is Production.');
  await confirm(dialog, {
    reason: 'Released by the change board, CHG-77',
    button: 'Sync Production',
  });
  await expect(tab.progress('Production', 'Sync')).toContainText('Done');
  await expect(tab.column('Production')).toContainText('It serves v9.9.0');

  const activity = page.getByRole('list', { name: 'Activity, newest first' });
  await expect(activity).toContainText('CHG-77');
  await expect(activity).toContainText('Helena Brandt');
});

test('an operator ends a sync that hangs in a hook', async ({
  page,
  portal,
}) => {
  await portal.scenario('stuck-hook', { application: 'pricing-staging' });
  await signIn(page, portal, 'Marco Silva', deploymentsOf('pricing'));
  const tab = tabOf(page);
  await expect(tab.column('Staging')).toContainText('Syncing');
  const sync = await tab.offered('Staging', 'Sync');
  await expect(sync).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');

  const dialog = await tab.ask('Staging', 'Terminate sync');
  await confirm(dialog, {
    reason: 'The migration waits for a lock that nobody lets go',
    button: 'Terminate the sync',
  });
  await expect(tab.progress('Staging', 'End of the sync')).toContainText(
    'Done',
  );
});

test('a platform engineer reads who asked for what, refusals included', async ({
  page,
  portal,
}) => {
  await portal.scenario('permission-denied', { instance: 'microservices' });
  await signIn(page, portal, 'Aiko Tanaka', deploymentsOf('shipping'));
  const tab = tabOf(page);
  const dialog = await tab.ask('Production', 'Sync');
  await dialog
    .getByRole('textbox', { name: /Why/ })
    .fill('To see what Argo CD says');
  await dialog.getByRole('button', { name: 'Sync Production' }).click();
  await expect(page.getByText(/Argo CD does not allow/).first()).toBeVisible();
  // Argo CD's own words name its accounts and rules
  await expect(page.getByText(/sub: |portal-act/)).toHaveCount(0);
  await portal.scenario('restore');

  await page.goto(`${portal.url}/deployments/activity?event=refused`);
  const activity = page.getByRole('list', { name: 'Activity, newest first' });
  await expect(activity.getByRole('listitem').first()).toContainText(
    'To see what Argo CD says',
  );
});
