import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/**
 * A key that is misspelt must not silently take a right away, or fail to.
 *
 * @throws InputError that begins with the path of the key.
 */
export function refuseOtherKeys(
  config: Config | undefined,
  keys: string[],
  path: string,
): void {
  const other = config?.keys().find(key => !keys.includes(key));
  if (other !== undefined) {
    throw new InputError(
      `${path}.${other}: is not known here; there are ${keys.join(', ')}`,
    );
  }
}
