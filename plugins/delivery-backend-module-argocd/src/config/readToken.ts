import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readText } from './readText';

/**
 * A token: one word. `undefined` when absent, '' when empty.
 *
 * @throws InputError naming the full key path and the fix, and never the value
 */
export function readToken(
  config: Config,
  key: string,
  path: string,
): string | undefined {
  const token = readText(config, key, path);
  if (token && !/^[\x21-\x7e]+$/.test(token)) {
    throw new InputError(
      /\s/.test(token)
        ? `${path}.${key}: has white space within; a token is one word`
        : `${path}.${key}: has a character that no token has; copy it again`,
    );
  }
  return token;
}
