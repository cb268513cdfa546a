import {
  KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useNavigate } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  EnvironmentDescription,
  FleetRow,
} from '@slipway/plugin-delivery-common';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { FleetLayout, servicesBetween } from '../../domain/fleetLayout';
import { GridPosition, moveInGrid } from '../../domain/gridNavigation';
import { deliveryTranslationRef } from '../../translation';
import { useDeploymentsTabLink } from '../shared/useDeploymentsTabLink';
import { ActionsSubject, FleetActions } from './FleetActions';
import { FleetCellCard } from './FleetCellCard';
import { FleetLine } from './FleetLine';
import { useCellCard } from './useCellCard';
import { useFillHeight } from './useFillHeight';
import { usePrinting } from './usePrinting';
import { useWidth } from './useWidth';
import styles from './FleetGrid.module.css';

const LINE_HEIGHT = 40;
const STACKED_CELL_HEIGHT = 32;
/** Below this a column cannot show state, release and age on one line. */
const NARROWEST_COLUMN = 170;
const NAME_COLUMN = 190;

type FleetGridProps = {
  layout: FleetLayout;
  columns: EnvironmentDescription[];
  rowAt: (service: number) => FleetRow | undefined;
  /** What is shown answers the query before. */
  outdated: boolean;
  /** Changes when another query is shown: then it starts at the top. */
  resetKey: string;
  /** Told which services are on screen. */
  onScreen: (services: { first: number; last: number }) => void;
};

/**
 * The fleet as a grid: a service a line, an environment a column. Only the lines
 * on screen exist. Where the columns do not fit, the cells of a line stand below
 * one another instead.
 */
export function FleetGrid(props: FleetGridProps) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { layout, columns, rowAt, resetKey, onScreen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const tabLink = useDeploymentsTabLink();
  const card = useCellCard();
  const [actionsOn, setActionsOn] = useState<ActionsSubject | undefined>();

  const width = useWidth(scroller);
  const height = useFillHeight(scroller);
  const printing = usePrinting();
  const stacked =
    width > 0 && width < NAME_COLUMN + columns.length * NARROWEST_COLUMN;

  const [active, setActive] = useState<GridPosition>({ line: 0, column: 0 });
  // Set when a key moved the focus: the cell may not exist yet.
  const focusWanted = useRef(false);

  const virtualizer = useVirtualizer({
    count: layout.count,
    getScrollElement: () => scroller.current,
    estimateSize: line =>
      stacked && layout.itemAt(line)?.kind === 'service'
        ? LINE_HEIGHT + columns.length * STACKED_CELL_HEIGHT
        : LINE_HEIGHT,
    overscan: 8,
    // The line with the focus stays, or scrolling away would drop the focus.
    rangeExtractor: range => {
      if (printing) {
        return loadedLines();
      }
      const lines = defaultRangeExtractor(range);
      if (active.line < range.count && !lines.includes(active.line)) {
        lines.push(active.line);
      }
      return lines.sort((a, b) => a - b);
    },
  });

  /** Paper does not scroll: every line that there is something to say about. */
  function loadedLines(): number[] {
    return Array.from({ length: layout.count }, (_, line) => line).filter(
      line => {
        const item = layout.itemAt(line);
        return item?.kind === 'group' || (item && rowAt(item.service));
      },
    );
  }

  const virtualItems = virtualizer.getVirtualItems();
  const firstLine = virtualizer.range?.startIndex ?? 0;
  const lastLine = virtualizer.range?.endIndex ?? 0;
  useEffect(() => {
    const services = servicesBetween(layout, firstLine, lastLine);
    if (services) {
      onScreen(services);
    }
  }, [layout, firstLine, lastLine, onScreen]);

  useEffect(() => {
    setActive({ line: 0, column: 0 });
    virtualizer.scrollToOffset(0);
  }, [resetKey, virtualizer]);

  useEffect(() => virtualizer.measure(), [stacked, virtualizer]);

  useLayoutEffect(() => {
    if (!focusWanted.current) {
      return;
    }
    const cell = scroller.current?.querySelector<HTMLElement>(
      `[data-position="${active.line}:${active.column}"]`,
    );
    if (!cell) {
      return;
    }
    const item = layout.itemAt(active.line);
    // Loading replaces what has the focus, so it is wanted until then.
    focusWanted.current = item?.kind === 'service' && !rowAt(item.service);
    const focused = document.activeElement;
    if (focused === document.body || scroller.current?.contains(focused)) {
      cell.focus({ preventScroll: true });
    }
  });

  const open = useCallback(
    (line: number) => {
      const item = layout.itemAt(line);
      const row = item?.kind === 'service' ? rowAt(item.service) : undefined;
      if (row) {
        navigate(tabLink(row.entityRef));
      }
    },
    [layout, rowAt, navigate, tabLink],
  );

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      card.actions.hide();
      return;
    }
    const next = moveInGrid(active, event.key, event.ctrlKey || event.metaKey, {
      lines: layout.count,
      columnsOf: line =>
        layout.itemAt(line)?.kind === 'service' ? columns.length + 1 : 1,
      page: Math.max(1, lastLine - firstLine - 1),
    });
    if (next) {
      event.preventDefault();
      focusWanted.current = true;
      setActive(next);
      virtualizer.scrollToIndex(next.line, { align: 'auto' });
    }
  }

  return (
    <div
      ref={scroller}
      className={styles.grid}
      style={{
        maxHeight: printing ? undefined : height,
        ['--fleet-columns' as string]: columns.length,
      }}
      role="grid"
      tabIndex={-1}
      aria-label={t('fleet.grid')}
      aria-rowcount={layout.count + 1}
      aria-colcount={columns.length + 1}
      aria-busy={props.outdated}
      data-stacked={stacked || undefined}
      onKeyDown={onKeyDown}
      onScroll={card.actions.hide}
    >
      <div className={styles.head} role="row" aria-rowindex={1}>
        <span role="columnheader" aria-colindex={1}>
          {t('fleet.service')}
        </span>
        {columns.map((column, index) => (
          <span
            key={column.id}
            role="columnheader"
            aria-colindex={index + 2}
            className={styles.environment}
          >
            {column.title}
          </span>
        ))}
      </div>
      <div
        role="presentation"
        className={styles.lines}
        style={{
          height: printing
            ? virtualItems[virtualItems.length - 1]?.end
            : virtualizer.getTotalSize(),
        }}
      >
        {virtualItems.map(({ index, start }) => {
          const item = layout.itemAt(index);
          if (!item) {
            return null;
          }
          const row = item.kind === 'service' ? rowAt(item.service) : undefined;
          return (
            <div
              // By line, not by service: the focus has to survive the moment
              // at which the service of a line is loaded.
              key={index}
              ref={stacked ? virtualizer.measureElement : undefined}
              data-index={index}
              role="presentation"
              className={styles.line}
              style={{ transform: `translateY(${start}px)` }}
            >
              <FleetLine
                line={index}
                item={item}
                row={row}
                columns={columns}
                stacked={stacked}
                activeColumn={active.line === index ? active.column : undefined}
                tabLink={tabLink}
                card={card.actions}
                cardId={card.id}
                cardOn={
                  card.subject && card.subject.row.entityRef === row?.entityRef
                    ? card.subject.environment.id
                    : undefined
                }
                onFocus={setActive}
                onOpen={open}
                onActions={setActionsOn}
              />
            </div>
          );
        })}
      </div>
      <FleetCellCard card={card} />
      {actionsOn && (
        // Its keys are not those of the grid, though it stands in it.
        <div role="presentation" onKeyDown={event => event.stopPropagation()}>
          <FleetActions
            subject={actionsOn}
            onClose={() => setActionsOn(undefined)}
          />
        </div>
      )}
    </div>
  );
}
