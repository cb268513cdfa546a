import { z } from 'zod';
import { ArgoCdError, GRPC } from '../errors';

/** Reads a request body. @throws ArgoCdError 3 */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ArgoCdError(
    GRPC.invalidArgument,
    `${issue.path.join('.') || 'body'}: ${issue.message}`,
  );
}
