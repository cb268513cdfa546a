import { Locator, Page } from '@playwright/test';

/** The fleet page as a person reads it. */
export type Fleet = {
  /** The line of a service. */
  line(service: string): Locator;
  /** The cell of a service in an environment, by the heads of the columns. */
  cell(service: string, environment: string): Promise<Locator>;
};

/** Reads the fleet by its roles, as a screen reader would. */
export function fleetOf(page: Page): Fleet {
  const grid = page.getByRole('grid', {
    name: 'Services and their environments',
  });
  const line = (service: string) =>
    grid.getByRole('row').filter({
      has: page.getByRole('rowheader', { name: service, exact: true }),
    });
  return {
    line,
    async cell(service, environment) {
      await grid.waitFor();
      const heads = await grid.getByRole('columnheader').allInnerTexts();
      const column = heads.findIndex(head => head.trim() === environment);
      if (column < 0) {
        throw new Error(`No column '${environment}' among ${heads.join(', ')}`);
      }
      return line(service).locator(`[aria-colindex="${column + 1}"]`);
    },
  };
}
