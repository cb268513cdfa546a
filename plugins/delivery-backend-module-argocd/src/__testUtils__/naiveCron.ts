import fc from 'fast-check';

/** The lowest and the highest value of each field. */
const LIMITS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/**
 * Cron as robfig/cron has it, in the plainest way: does a minute of a calendar
 * without daylight saving match? It has nothing in common with the parser that is
 * tested against it.
 */
export function naiveCron(
  expression: string,
): (milliseconds: number) => boolean {
  const [minutes, hours, days, months, weekdays] = expression
    .split(' ')
    .map((field, index) => readField(field, LIMITS[index]));
  return milliseconds => {
    const time = new Date(milliseconds);
    const day = days.values.has(time.getUTCDate());
    const weekday = weekdays.values.has(time.getUTCDay());
    return (
      minutes.values.has(time.getUTCMinutes()) &&
      hours.values.has(time.getUTCHours()) &&
      months.values.has(time.getUTCMonth() + 1) &&
      (days.star || weekdays.star ? day && weekday : day || weekday)
    );
  };
}

function readField(
  field: string,
  [lowest, highest]: readonly [number, number],
): { values: Set<number>; star: boolean } {
  const values = new Set<number>();
  let star = false;
  for (const part of field.split(',')) {
    const [range, step] = part.split('/');
    const [from, to] = range.split('-');
    const all = from === '*';
    star ||= all && (step === undefined || step === '1');
    const first = all ? lowest : Number(from);
    const single = step === undefined ? first : highest;
    const last = all ? highest : Number(to ?? single);
    for (let value = first; value <= last; value += Number(step ?? 1)) {
      values.add(value);
    }
  }
  return { values, star };
}

/** Cron expressions of every form that Argo CD knows, and of no day that never comes. */
export function cronFields(): fc.Arbitrary<string> {
  const field = (lowest: number, highest: number) => {
    const value = fc.integer({ min: lowest, max: highest });
    const range = fc
      .tuple(value, value)
      .map(pair => `${Math.min(...pair)}-${Math.max(...pair)}`);
    const step = fc.integer({ min: 1, max: 9 });
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant('*') },
      { weight: 3, arbitrary: value.map(String) },
      range,
      step.map(every => `*/${every}`),
      fc.tuple(range, step).map(parts => parts.join('/')),
      fc.tuple(value, step).map(parts => parts.join('/')),
      fc
        .uniqueArray(value, { minLength: 2, maxLength: 4 })
        .map(values => values.join(',')),
    );
  };
  return fc
    .tuple(
      field(0, 59),
      field(0, 23),
      field(1, 28),
      fc.constantFrom('*', '*', '1-12', '*/2'),
      field(0, 6),
    )
    .map(fields => fields.join(' '));
}
