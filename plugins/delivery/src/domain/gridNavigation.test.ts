import { moveInGrid } from './gridNavigation';

/** Line 0 is a heading; the others have three cells. */
const shape = {
  lines: 50,
  columnsOf: (line: number) => (line === 0 ? 1 : 3),
  page: 10,
};

describe('moveInGrid', () => {
  it.each([
    ['ArrowDown', false, { line: 6, column: 1 }],
    ['ArrowUp', false, { line: 4, column: 1 }],
    ['ArrowRight', false, { line: 5, column: 2 }],
    ['ArrowLeft', false, { line: 5, column: 0 }],
    ['PageDown', false, { line: 15, column: 1 }],
    ['PageUp', false, { line: 0, column: 0 }],
    ['Home', false, { line: 5, column: 0 }],
    ['End', false, { line: 5, column: 2 }],
    ['Home', true, { line: 0, column: 0 }],
    ['End', true, { line: 49, column: 2 }],
  ])('moves by %s (ctrl: %s)', (key, ctrl, expected) => {
    expect(moveInGrid({ line: 5, column: 1 }, key, ctrl, shape)).toEqual(
      expected,
    );
  });

  it('never leaves the grid', () => {
    expect(
      moveInGrid({ line: 49, column: 2 }, 'ArrowDown', false, shape),
    ).toEqual({ line: 49, column: 2 });
    expect(
      moveInGrid({ line: 5, column: 0 }, 'ArrowLeft', false, shape),
    ).toEqual({ line: 5, column: 0 });
  });

  it('leaves other keys to others', () => {
    expect(
      moveInGrid({ line: 5, column: 1 }, 'x', false, shape),
    ).toBeUndefined();
  });
});
