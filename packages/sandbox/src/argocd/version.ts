/** The parts of an Argo CD version that behaviour depends on. */
export interface ArgoCdVersion {
  /** As given: `v3.5.1`. */
  readonly text: string;
  /** Whether this version is the given minor version of 3, or newer. */
  atLeast(minor: number): boolean;
}

/** @throws Error for text that is not `v<major>.<minor>.<patch>`. */
export function parseVersion(text: string): ArgoCdVersion {
  const match = /^v(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (!match) {
    throw new Error(`An Argo CD version looks like v3.5.1, got "${text}"`);
  }
  const [, major, minor] = match.map(Number);
  return {
    text,
    atLeast: wanted => major > 3 || (major === 3 && minor >= wanted),
  };
}
