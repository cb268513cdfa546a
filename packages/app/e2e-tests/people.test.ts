import { expect, signIn, test } from './support/test';
import { fleetOf } from './support/fleet';

// High enough for the whole fleet: lines that are not on screen do not exist.
test.use({ viewport: { width: 1280, height: 1800 } });

const PEOPLE = [
  'Vera Lindqvist',
  'Tomas Okafor',
  'Priya Raman',
  'Helena Brandt',
  'Marco Silva',
  'Aiko Tanaka',
];

for (const person of PEOPLE) {
  test(`${person} signs in and sees what runs where`, async ({
    page,
    portal,
  }) => {
    await signIn(page, portal, person);
    await expect(page).toHaveURL(`${portal.url}/deployments`);
    await expect(
      await fleetOf(page).cell('Checkout', 'Production'),
    ).toContainText(/v\d/);
  });
}

test('a developer finds the services of the own team, and the address keeps it', async ({
  page,
  portal,
}) => {
  await signIn(page, portal, 'Tomas Okafor');
  const fleet = fleetOf(page);
  await expect(fleet.line('Payment')).toBeVisible();
  await page.getByRole('button', { name: 'Owned by me' }).click();
  await expect(page).toHaveURL(/owned=true/);
  await expect(fleet.line('Checkout')).toBeVisible();
  await expect(fleet.line('Payment')).toBeHidden();

  await page.reload();
  await expect(fleet.line('Checkout')).toBeVisible();
  await expect(fleet.line('Payment')).toBeHidden();

  await page.getByRole('button', { name: 'Owned by me' }).click();
  await expect(fleet.line('Payment')).toBeVisible();
  await page.goBack();
  await expect(fleet.line('Payment')).toBeHidden();
});

test('a deep link survives signing in', async ({ page, portal }) => {
  await signIn(
    page,
    portal,
    'Marco Silva',
    '/deployments?chain=n9&problems=true',
  );
  await expect(page).toHaveURL(/chain=n9/);
  await expect(page).toHaveURL(/problems=true/);
});

test('nothing is shown and nothing is answered before signing in', async ({
  page,
  portal,
}) => {
  await page.goto(`${portal.url}/deployments`);
  await expect(page.getByRole('button', { name: /sign in/i })).toBeVisible();
  await expect(page.getByRole('grid')).toHaveCount(0);
  const answer = await page.request.get(`${portal.url}/api/delivery/fleet`);
  expect(answer.status()).toBe(401);
});
