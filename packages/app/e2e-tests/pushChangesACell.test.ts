import { expect, signIn, test } from './support/test';
import { clone } from './support/git';
import { fleetOf } from './support/fleet';

// High enough for the whole fleet: lines that are not on screen do not exist.
test.use({ viewport: { width: 1280, height: 1800 } });

/** The next patch release of what an overlay asks for. */
function bump(text: string): string {
  return text.replace(
    /newTag: v(\d+)\.(\d+)\.(\d+)/,
    (_, major, minor, patch) =>
      `newTag: v${major}.${minor}.${Number(patch) + 1}`,
  );
}

function tagIn(text: string): string {
  const tag = /newTag: (v[\d.]+)/.exec(text)?.[1];
  if (!tag) {
    throw new Error(`No newTag in:\n${text}`);
  }
  return tag;
}

test('a plain git push of an image tag changes a cell without a reload', async ({
  page,
  portal,
}) => {
  await signIn(page, portal, 'Tomas Okafor');
  await expect(page).toHaveURL(/\/deployments/);
  const cell = await fleetOf(page).cell('Checkout', 'Development');
  await expect(cell).toContainText(/v\d/);
  await page.evaluate(() => {
    Object.assign(window, { notReloaded: true });
  });

  const gitops = clone(portal, 'microservices/gitops');
  try {
    const path = 'apps/checkout/overlays/dev/kustomization.yaml';
    gitops.push({ path, change: bump, message: 'Release checkout' });
    await expect(cell).toContainText(tagIn(gitops.read(path)), {
      timeout: 30_000,
    });
  } finally {
    gitops.dispose();
  }
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
});

test('the tab of the service says who pushed what', async ({
  page,
  portal,
}) => {
  const gitops = clone(portal, 'microservices/gitops');
  try {
    const path = 'apps/order/overlays/dev/kustomization.yaml';
    gitops.push({ path, change: bump, message: 'Round totals correctly' });
    await signIn(
      page,
      portal,
      'Tomas Okafor',
      '/catalog/default/component/order/deployments',
    );
    const history = page.getByRole('region', { name: /history/i });
    await expect(history.getByRole('listitem').first()).toContainText(
      'Round totals correctly',
      { timeout: 30_000 },
    );
    await expect(history.getByRole('listitem').first()).toContainText(
      'Robin Release',
    );
    await expect(page.getByRole('main').first()).toContainText(
      tagIn(gitops.read(path)),
    );
  } finally {
    gitops.dispose();
  }
});

test('while Argo CD is down the cells are stale and say why; afterwards they tell the truth', async ({
  page,
  portal,
}) => {
  test.setTimeout(180_000);
  await signIn(page, portal, 'Vera Lindqvist', '/deployments');
  const fleet = fleetOf(page);
  const cell = await fleet.cell('Search', 'Development');
  await expect(cell).toContainText(/v\d/);

  await portal.scenario('argocd-down', {
    instance: 'microservices',
    seconds: 0,
  });
  const gitops = clone(portal, 'microservices/gitops');
  try {
    const banner = page.getByText(/Argo CD microservices/).first();
    await expect(banner).toBeVisible({ timeout: 60_000 });
    await expect(cell).toContainText('old', { timeout: 60_000 });
    await cell.hover();
    await expect(
      page
        .getByText(/Argo CD microservices .*(connection|refused|reach|answer)/i)
        .first(),
    ).toBeVisible();
    // The other platform is untouched.
    const other = await fleet.cell('N9 API', 'Staging');
    await expect(other).not.toContainText('old');

    const path = 'apps/search/overlays/dev/kustomization.yaml';
    gitops.push({ path, change: bump, message: 'Release search' });
    await portal.scenario('restore');
    await expect(cell).toContainText(tagIn(gitops.read(path)), {
      timeout: 90_000,
    });
    await expect(cell).not.toContainText('old');
  } finally {
    await portal.scenario('restore');
    gitops.dispose();
  }
});

test('a push while the stream is cut leaves a stale cell, which catches up when the stream is back', async ({
  page,
  portal,
}) => {
  test.setTimeout(180_000);
  await signIn(page, portal, 'Vera Lindqvist', '/deployments');
  const cell = await fleetOf(page).cell('Review', 'Development');
  await expect(cell).toContainText(/v\d/);

  await portal.scenario('stream-cut', {
    instance: 'microservices',
    seconds: 3600,
  });
  const gitops = clone(portal, 'microservices/gitops');
  try {
    await expect(cell).toContainText('old', { timeout: 60_000 });
    const path = 'apps/review/overlays/dev/kustomization.yaml';
    gitops.push({ path, change: bump, message: 'Release review' });
    await portal.scenario('restore');
    await expect(cell).toContainText(tagIn(gitops.read(path)), {
      timeout: 90_000,
    });
    await expect(cell).not.toContainText('old');
  } finally {
    await portal.scenario('restore');
    gitops.dispose();
  }
});

test('a backend that restarts while Argo CD is down shows the last known state, marked stale', async ({
  page,
  portal,
}) => {
  test.setTimeout(240_000);
  await signIn(page, portal, 'Aiko Tanaka', '/deployments');
  const cell = await fleetOf(page).cell('Payment', 'Production');
  await expect(cell).toContainText(/v\d/);
  const release = /v[\d.]+/.exec(await cell.innerText())?.[0] ?? '';

  await portal.scenario('argocd-down', {
    instance: 'microservices',
    seconds: 0,
  });
  try {
    await portal.stopPortal('SIGTERM');
    await portal.startPortal();
    // Signed in still: the session is kept with the data.
    await page.goto(`${portal.url}/deployments`);
    const again = await fleetOf(page).cell('Payment', 'Production');
    await expect(again).toContainText(release);
    await expect(again).toContainText('old');
  } finally {
    await portal.scenario('restore');
  }
  await expect(
    await fleetOf(page).cell('Payment', 'Production'),
  ).not.toContainText('old', { timeout: 90_000 });
});
