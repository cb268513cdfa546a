import { FleetCell } from '@slipway/plugin-delivery-common';

/**
 * What a fleet cell says after its status: the release, and the one thing that
 * matters.
 */
export type CellStory = {
  /** The release it serves; absent when nobody can say. */
  serving?: string;
  /** The release git asks for, when it is another one. */
  wanted?: string;
  /**
   * The one thing that matters, the most urgent first:
   *
   * - `note`: what the backend says is wrong or under way.
   * - `status`: the word of the status, because nothing else says it.
   * - `stale`: how old it is, because it may not be true any more.
   * - `unbound`: the platform does not confirm that it belongs here.
   * - `targets`: it stands for several targets.
   * - `quiet`: nothing; all is well.
   */
  matter:
    | { kind: 'note'; text: string }
    | { kind: 'status' }
    | { kind: 'stale'; observedAt?: string }
    | { kind: 'unbound' }
    | { kind: 'targets'; count: number }
    | { kind: 'quiet' };
};

/** Reads a cell for the one line that it has. */
export function cellStory(cell: FleetCell): CellStory {
  const { serving, wanted } = cell;
  return {
    serving: serving?.label,
    // The same name can hide two builds; then the note says so, not the names.
    wanted:
      wanted && wanted.label !== serving?.label ? wanted.label : undefined,
    matter: matterOf(cell),
  };
}

function matterOf(cell: FleetCell): CellStory['matter'] {
  if (cell.observation.state === 'unknown') {
    return cell.observation.reason
      ? { kind: 'note', text: cell.observation.reason }
      : { kind: 'status' };
  }
  // Whether it is still true comes before what it was.
  if (cell.observation.state === 'stale') {
    return { kind: 'stale', observedAt: cell.observation.observedAt };
  }
  if (cell.note) {
    return { kind: 'note', text: cell.note };
  }
  if (cell.status !== 'healthy') {
    return { kind: 'status' };
  }
  if (!cell.bound) {
    return { kind: 'unbound' };
  }
  if (cell.targets > 1) {
    return { kind: 'targets', count: cell.targets };
  }
  return { kind: 'quiet' };
}

/**
 * What a viewer can see of a cell, as one string: two cells with the same one
 * look the same. A changed one makes the cell glow.
 */
export function cellFingerprint(cell: FleetCell | undefined): string {
  if (!cell) {
    return '';
  }
  return JSON.stringify([
    cell.status,
    cell.serving?.label,
    cell.serving?.digest,
    cell.wanted?.label,
    cell.note,
    cell.observation.state,
    cell.bound,
  ]);
}
