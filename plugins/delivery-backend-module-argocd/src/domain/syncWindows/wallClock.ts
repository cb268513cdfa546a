import { DateTime, Duration, IANAZone, Zone } from 'luxon';

const DAY = Duration.fromObject({ days: 1 });

/**
 * The zone of a sync window. Like Argo CD, UTC for none and for one that is not
 * known.
 */
export function zoneOf(name: string | undefined): Zone {
  return IANAZone.create(name && IANAZone.isValidZone(name) ? name : 'Etc/UTC');
}

/** What a clock on the wall of a zone shows at an instant, written as UTC. */
export function wallClock(instant: DateTime, zone: Zone): DateTime {
  return instant.setZone(zone).setZone('utc', { keepLocalTime: true });
}

/**
 * The instant at which a clock on the wall, seen from an instant, reaches a
 * later time; or the instant before it at which the clock is put forward or
 * back, because nothing holds beyond that.
 */
export function reaches(options: {
  wall: DateTime;
  from: DateTime;
  zone: Zone;
}): DateTime {
  const { wall, from, zone } = options;
  const instant = from.plus(wall.diff(wallClock(from, zone)));
  return firstOffsetChange({ zone, from, until: instant }) ?? instant;
}

/** The first instant of another offset; looks at every day. */
function firstOffsetChange(options: {
  zone: Zone;
  from: DateTime;
  until: DateTime;
}): DateTime | undefined {
  const { zone, from, until } = options;
  const offset = zone.offset(from.toMillis());
  let same = from;
  while (same < until) {
    const next = DateTime.min(same.plus(DAY), until);
    if (zone.offset(next.toMillis()) !== offset) {
      return changeBetween({ zone, offset, before: same, after: next });
    }
    same = next;
  }
  return undefined;
}

function changeBetween(options: {
  zone: Zone;
  offset: number;
  before: DateTime;
  after: DateTime;
}): DateTime {
  const { zone, offset } = options;
  let before = options.before.toMillis();
  let after = options.after.toMillis();
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (zone.offset(middle) === offset) {
      before = middle;
    } else {
      after = middle;
    }
  }
  return DateTime.fromMillis(after, { zone: 'utc' });
}
