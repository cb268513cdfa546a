import { Locator, Page } from '@playwright/test';
import { expect } from './test';

/** The Deployments tab of a service as a person works with it. */
export type DeploymentsTab = {
  /** The column of an environment, by its heading. */
  column(environment: string): Locator;
  /**
   * One of the actions of an environment: the one that stands first, or one in
   * the menu, which is open then.
   */
  offered(environment: string, action: string): Promise<Locator>;
  /** Opens the confirmation of an action, from its button or the menu. */
  ask(environment: string, action: string): Promise<Locator>;
  /** What became of the last request in an environment. */
  progress(environment: string, what: string): Locator;
};

/** Address of the Deployments tab of a service. */
export function deploymentsOf(service: string): string {
  return `/catalog/default/component/${service}/deployments`;
}

/** Reads and uses the tab by its roles, as a screen reader would. */
export function tabOf(page: Page): DeploymentsTab {
  const column = (environment: string) =>
    page.getByRole('region', { name: environment, exact: true });

  async function offered(environment: string, action: string) {
    const menu = column(environment).getByRole('button', {
      name: /^(Actions on|More actions)/,
    });
    await menu.waitFor();
    const first = column(environment).getByRole('button', {
      name: action,
      exact: true,
    });
    if (await first.isVisible()) {
      return first;
    }
    await menu.click();
    return page
      .getByRole('list', { name: /^Actions on/ })
      .getByRole('button', { name: action, exact: true });
  }

  return {
    column,
    offered,
    async ask(environment, action) {
      await (await offered(environment, action)).click();
      const dialog = page.getByRole('dialog', {
        name: new RegExp(` in ${environment}`),
      });
      await expect(dialog).toBeVisible();
      return dialog;
    },
    progress: (environment, what) =>
      column(environment).getByRole('region', {
        name: `${what} in ${environment}`,
      }),
  };
}

/** Gives the reason and confirms; the confirmation is gone when it was taken on. */
export async function confirm(
  dialog: Locator,
  options: { reason: string; button: string },
): Promise<void> {
  await dialog.getByRole('textbox', { name: /Why/ }).fill(options.reason);
  await dialog.getByRole('button', { name: options.button }).click();
  await expect(dialog).toBeHidden();
}
