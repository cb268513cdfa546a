import { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';

const DEFAULT_GUARDED = ['production', 'recovery'];

/** The environments of the delivery backend where its configuration names none. */
const DEFAULT_ENVIRONMENTS = [
  'development',
  'staging',
  'production',
  'recovery',
];

/**
 * Where the delivery backend puts deployments of which nothing says where they
 * belong. Always guarded: it may be production.
 */
const UNASSIGNED = 'unassigned';

/**
 * Ids of the guarded environments. They are compared with those of deliveries,
 * because one that is misspelt would leave an environment to its owners that
 * somebody meant to guard.
 *
 * @throws InputError that begins with the path of the key that is wrong.
 */
export function readGuarded(options: {
  root: RootConfigService;
  path: string;
}): string[] {
  const { root, path } = options;
  const known =
    root.getOptionalConfig('delivery.environments')?.keys() ??
    DEFAULT_ENVIRONMENTS;
  const guarded =
    root.getOptionalStringArray(path) ??
    DEFAULT_GUARDED.filter(id => known.includes(id));
  if (!root.has(path) && guarded.length === 0) {
    throw new InputError(
      `${path}: is missing, and no environment is called ${DEFAULT_GUARDED.join(
        ' or ',
      )}; name those of ${known.join(', ')} in which owners may change nothing`,
    );
  }
  for (const [index, id] of guarded.entries()) {
    if (id !== UNASSIGNED && !known.includes(id)) {
      throw new InputError(
        `${path}[${index}]: there is no environment '${id}'; there are ${known.join(
          ', ',
        )} (delivery.environments)`,
      );
    }
  }
  return [...new Set([...guarded, UNASSIGNED])];
}
