/** A cell of a grid; both count from 0. */
export type GridPosition = { line: number; column: number };

/** How a grid is made, as far as moving in it goes. */
export type GridShape = {
  lines: number;
  /** Cells of a line: a heading has one, a service several. */
  columnsOf: (line: number) => number;
  /** Lines that Page Up and Page Down move by. */
  page: number;
};

/**
 * Where a key leads from a cell, as the ARIA grid pattern says; `undefined` for
 * keys that do not move. Moving never leaves the grid, and the column is kept
 * across shorter lines as far as they go.
 *
 * @param key - `KeyboardEvent.key`
 * @param ctrl - whether Control (or Command) is held
 */
export function moveInGrid(
  from: GridPosition,
  key: string,
  ctrl: boolean,
  shape: GridShape,
): GridPosition | undefined {
  const lastLine = shape.lines - 1;
  switch (key) {
    case 'ArrowUp':
      return at(from.line - 1, from.column);
    case 'ArrowDown':
      return at(from.line + 1, from.column);
    case 'ArrowLeft':
      return at(from.line, from.column - 1);
    case 'ArrowRight':
      return at(from.line, from.column + 1);
    case 'PageUp':
      return at(from.line - shape.page, from.column);
    case 'PageDown':
      return at(from.line + shape.page, from.column);
    case 'Home':
      return at(ctrl ? 0 : from.line, 0);
    case 'End':
      return at(ctrl ? lastLine : from.line, Number.MAX_SAFE_INTEGER);
    default:
      return undefined;
  }

  function at(line: number, column: number): GridPosition {
    const onLine = clamp(line, lastLine);
    return {
      line: onLine,
      column: clamp(column, shape.columnsOf(onLine) - 1),
    };
  }
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}
