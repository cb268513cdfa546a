import {
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import {
  EnvironmentDescription,
  FleetRow,
} from '@slipway/plugin-delivery-common';

const SHOW_AFTER_MS = 350;
const HIDE_AFTER_MS = 120;

/** The cell that the card is about. */
export type CardSubject = {
  row: FleetRow;
  environment: EnvironmentDescription;
  /** The environment before it, which it is compared with. */
  previous?: EnvironmentDescription;
  /** Its cell on screen. */
  anchor: HTMLElement;
};

/** The one card of the grid, see {@link useCellCard}. */
export type CellCard = {
  /** Id of the card, for `aria-describedby` of the cell that it is about. */
  id: string;
  subject?: CardSubject;
  /** Always the same object, so that cells do not render when the card moves. */
  actions: CellCardActions;
};

/** What cells tell the card. */
export type CellCardActions = {
  /** The pointer came over a cell: shows its card after a moment. */
  hover: (subject: CardSubject) => void;
  /** The pointer left the cell or the card: hides it after a moment. */
  leave: () => void;
  /** The pointer came over the card itself: it stays. */
  stay: () => void;
  /** The cell got the focus: shows its card at once. */
  focus: (subject: CardSubject) => void;
  /** Hides the card at once. */
  hide: () => void;
};

/**
 * The card of the cell under the pointer or with the focus. There is one for the
 * whole grid: a tooltip a cell would cost thousands of listeners. It waits before
 * it shows so that crossing the grid is calm, and before it hides so that the
 * pointer can go over to it.
 */
export function useCellCard(): CellCard {
  const id = useId();
  const [subject, setSubject] = useState<CardSubject | undefined>();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const after = useCallback((ms: number, next: CardSubject | undefined) => {
    clearTimeout(timer.current);
    if (ms === 0) {
      setSubject(next);
    } else {
      timer.current = setTimeout(() => setSubject(next), ms);
    }
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  const actions = useMemo<CellCardActions>(
    () => ({
      hover: next => after(SHOW_AFTER_MS, next),
      leave: () => after(HIDE_AFTER_MS, undefined),
      stay: () => clearTimeout(timer.current),
      focus: next => after(0, next),
      hide: () => after(0, undefined),
    }),
    [after],
  );
  return { id, subject, actions };
}
