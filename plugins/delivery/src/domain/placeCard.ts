const GAP = 6;
const EDGE = 8;

/**
 * Where a card stands beside its cell: below it, or above where there is no room
 * below, and never over the edge of the window.
 */
export function placeCard(options: {
  anchor: { left: number; top: number; bottom: number };
  card: { width: number; height: number };
  window: { width: number; height: number };
}): { left: number; top: number } {
  const { anchor, card, window } = options;
  const left = Math.min(anchor.left, window.width - card.width - EDGE);
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - card.height;
  const fitsBelow = below + card.height + EDGE <= window.height;
  return {
    left: Math.max(EDGE, left),
    top: fitsBelow || above < EDGE ? below : above,
  };
}
