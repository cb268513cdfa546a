import { InputError } from '@backstage/errors';
import type { z } from 'zod';

/**
 * Checks a value against a schema.
 *
 * @throws InputError that names every wrong field and what it should be.
 */
export function parseInput<T extends z.ZodObject>(options: {
  schema: T;
  value: unknown;
  /** What the value is for, the beginning of the message. */
  what: string;
}): z.output<T> {
  const { schema, value, what } = options;
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const known = Object.keys(schema.shape);
  const problems = result.error.issues.map(issue => {
    if (issue.code === 'unrecognized_keys') {
      const fields = issue.keys.map(key => `'${key}'`).join(', ');
      return known.length > 0
        ? `there is no field ${fields}; the fields are ${known.join(', ')}`
        : `there is no field ${fields}; leave the body empty`;
    }
    const field = issue.path.join('.');
    return field === '' ? issue.message : `field '${field}': ${issue.message}`;
  });
  throw new InputError(`${what}: ${problems.join('; ')}`);
}
