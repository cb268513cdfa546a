/** The most characters that a reason may have. */
export const LONGEST_REASON = 500;

/** What is wrong with a reason. */
export type ReasonProblem =
  | { problem: 'missing' }
  | { problem: 'too-long'; over: number };

/**
 * A reason as it goes into audit and commit: one line, without space around it.
 */
export function tidyReason(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** How long a reason is, in characters as people and the API count them. */
export function reasonLength(text: string): number {
  return [...tidyReason(text)].length;
}

/** What is wrong with a reason, if anything. */
export function reasonProblem(text: string): ReasonProblem | undefined {
  const length = reasonLength(text);
  if (length === 0) {
    return { problem: 'missing' };
  }
  return length > LONGEST_REASON
    ? { problem: 'too-long', over: length - LONGEST_REASON }
    : undefined;
}
