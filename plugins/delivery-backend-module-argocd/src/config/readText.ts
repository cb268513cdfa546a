import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/**
 * A text without the white space around it. `undefined` when absent; an empty
 * text, which `${UNSET}` becomes, is ''.
 *
 * @throws InputError naming the full key path and the fix
 */
export function readText(
  config: Config,
  key: string,
  path: string,
): string | undefined {
  const value = config.getOptional(key);
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw new InputError(`${path}.${key}: must be text; put it in quotes`);
  }
  return value.trim();
}
