const UNITS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 0.001,
};

/** Seconds of a duration as Go writes it (`1h30m`, `5s`), or of a number. */
export function goDuration(text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback;
  if (/^\d+$/.test(text)) return Number(text);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.map(([part]) => part).join('') !== text) return fallback;
  return parts.reduce(
    (sum, [, value, unit]) => sum + Number(value) * UNITS[unit],
    0,
  );
}
