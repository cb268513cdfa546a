import { KeyboardEvent, memo, useEffect, useRef, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton, VisuallyHidden } from '@backstage/ui';
import { RiMore2Fill } from '@remixicon/react';
import {
  DeploymentStatus,
  EnvironmentDescription,
  FleetCell,
  FleetRow,
} from '@slipway/plugin-delivery-common';
import { StatusBadge, useTimeWords } from '@slipway/plugin-delivery-react';
import { cellFingerprint, CellStory, cellStory } from '../../domain/cellStory';
import { differenceMark } from '../../domain/differenceMark';
import { deliveryTranslationRef } from '../../translation';
import { DifferenceArrow } from '../shared/DifferenceArrow';
import { useDifferenceWords } from '../shared/useDifferenceWords';
import { CellCardActions } from './useCellCard';
import styles from './FleetCellView.module.css';

/** What makes an element a cell that the grid can find and move to. */
export type CellAttributes = {
  'aria-colindex': number;
  'data-position': string;
  tabIndex: number;
};

type FleetCellViewProps = {
  attributes: CellAttributes;
  /** Absent while it is being loaded. */
  row?: FleetRow;
  environment: EnvironmentDescription;
  previous?: EnvironmentDescription;
  stacked: boolean;
  card: CellCardActions;
  /** Id of the card, while it is about this cell. */
  describedBy?: string;
  onFocus: () => void;
  onOpen: () => void;
  /** Asks for what can be done here; told the cell on screen. */
  onActions: (cell: HTMLElement) => void;
};

/** A service in one environment, on one line. */
export const FleetCellView = memo(function CellView(props: FleetCellViewProps) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { row, environment, previous, card } = props;
  const cell = row?.cells[environment.id];
  const glow = useGlow(row?.entityRef, cellFingerprint(cell));

  function subject(anchor: HTMLElement) {
    return row && cell ? { row, environment, previous, anchor } : undefined;
  }

  return (
    <div
      role="gridcell"
      {...props.attributes}
      tabIndex={props.attributes.tabIndex}
      className={styles.cell}
      data-empty={!cell || undefined}
      data-stacked={props.stacked || undefined}
      aria-describedby={props.describedBy}
      aria-keyshortcuts={cell ? 'A' : undefined}
      onFocus={event => {
        props.onFocus();
        if (event.target !== event.currentTarget) {
          // The button in it got the focus: what opens then needs no card.
          card.hide();
          return;
        }
        const about = subject(event.currentTarget);
        // A click focuses as well; the card is for those who came by key.
        if (about && event.currentTarget.matches(':focus-visible')) {
          card.focus(about);
        } else {
          card.hide();
        }
      }}
      onBlur={card.leave}
      onMouseEnter={event => {
        const about = subject(event.currentTarget);
        if (about) {
          card.hover(about);
        }
      }}
      onMouseLeave={card.leave}
      onClick={row && props.onOpen}
      onKeyDown={event => {
        if (event.target !== event.currentTarget) {
          return;
        }
        if (event.key === 'Enter') {
          props.onOpen();
        } else if (cell && asksForActions(event)) {
          event.preventDefault();
          openActions(event.currentTarget);
        }
      }}
    >
      {glow > 0 && (
        <span key={glow} className={styles.glow} data-testid="glow" />
      )}
      {props.stacked && cell && (
        <span className={styles.environment} aria-hidden="true">
          {environment.title}
        </span>
      )}
      {content()}
      {cell && (
        // Out of the tab order: in a grid the keyboard reaches it by its key.
        <button
          type="button"
          tabIndex={-1}
          className={styles.more}
          aria-label={t('card.actionsOf', {
            service: row.title,
            environment: environment.title,
          })}
          aria-haspopup="dialog"
          onClick={event => {
            event.stopPropagation();
            const own =
              event.currentTarget.closest<HTMLElement>('[role="gridcell"]');
            if (own) {
              openActions(own);
            }
          }}
        >
          <RiMore2Fill aria-hidden="true" size={16} />
        </button>
      )}
    </div>
  );

  function openActions(own: HTMLElement) {
    card.hide();
    props.onActions(own);
  }

  function content() {
    if (!row) {
      return <Skeleton width="7rem" height="1rem" />;
    }
    if (!cell) {
      return (
        <>
          <span aria-hidden="true">–</span>
          <VisuallyHidden>
            {t('fleet.notHere', { environment: environment.title })}
          </VisuallyHidden>
        </>
      );
    }
    return <CellLine cell={cell} previous={previous} />;
  }
});

/** The key for actions, and the two that open a context menu everywhere. */
function asksForActions(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  return (
    (key.toLowerCase() === 'a' && !ctrlKey && !metaKey && !altKey) ||
    key === 'ContextMenu' ||
    (key === 'F10' && shiftKey)
  );
}

function CellLine(props: {
  cell: FleetCell;
  previous?: EnvironmentDescription;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { age } = useTimeWords();
  const differenceWords = useDifferenceWords();
  const { cell, previous } = props;
  const { serving, wanted, matter } = cellStory(cell);
  const difference =
    previous && differenceWords(cell.difference, previous.title);
  const stale = cell.observation.state === 'stale';

  return (
    <>
      <span className={styles.drift}>
        <DifferenceArrow release={cell.difference} />
      </span>
      <StatusBadge
        glyphOnly
        status={cell.status}
        observation={cell.observation}
        bound={cell.bound}
      />
      {serving === undefined && !cell.bound ? (
        <span className={styles.unbound}>{t('cell.unbound')}</span>
      ) : (
        <span className={styles.release} data-stale={stale || undefined}>
          {serving ?? t('cell.noRelease')}
        </span>
      )}
      {wanted && hasRoom(matter) && (
        <span className={styles.wanted}>
          <span aria-hidden="true">⇢ {wanted}</span>
          <VisuallyHidden>
            {t('cell.wanted', { release: wanted })}
          </VisuallyHidden>
        </span>
      )}
      {cell.since && hasRoom(matter) && (
        <span className={styles.age}>{age(cell.since)}</span>
      )}
      <span className={styles.matter} data-kind={matter.kind}>
        {matterWords()}
      </span>
      {difference && <VisuallyHidden>{difference}</VisuallyHidden>}
    </>
  );

  function matterWords(): string | undefined {
    switch (matter.kind) {
      case 'note':
        return matter.text;
      case 'status':
        return statusWord(
          cell.observation.state === 'unknown' ? 'unknown' : cell.status,
        );
      case 'stale':
        return matter.observedAt
          ? t('cell.old', { age: age(matter.observedAt) })
          : t('cell.neverSeen');
      case 'unbound':
        return serving === undefined ? undefined : t('cell.unbound');
      case 'targets':
        return t('cell.targets', { count: matter.count });
      case 'quiet':
        return shortDifference();
      default:
        throw new TypeError(`Unknown matter ${matter satisfies never}`);
    }
  }

  /** The column before says which environment is meant. */
  function shortDifference(): string | undefined {
    switch (differenceMark(cell.difference)) {
      case 'coming':
        return t('cell.comingShort');
      case 'ahead':
        return t('cell.aheadShort');
      case 'different':
        return t('cell.differentShort');
      case 'none':
        return undefined;
      default:
        throw new TypeError(`Unknown difference ${cell.difference}`);
    }
  }

  function statusWord(status: DeploymentStatus): string {
    switch (status) {
      case 'healthy':
        return t('cell.statusHealthy');
      case 'progressing':
        return t('cell.statusProgressing');
      case 'waiting':
        return t('cell.statusWaiting');
      case 'degraded':
        return t('cell.statusDegraded');
      case 'unknown':
        return t('cell.statusUnknown');
      default:
        throw new TypeError(`Unknown status ${status satisfies never}`);
    }
  }
}

/**
 * Whether a line has room for more than its release: what is wrong, or how old
 * it all is, wins over what git asks for and since when it serves.
 */
function hasRoom(matter: CellStory['matter']): boolean {
  return matter.kind !== 'note' && matter.kind !== 'stale';
}

/**
 * Counts the changes of what a cell shows since it came on screen. Each is one
 * glow; the first sight of a cell and the end of its loading are none.
 */
function useGlow(entityRef: string | undefined, fingerprint: string): number {
  const seen = useRef({ entityRef, fingerprint });
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const before = seen.current;
    seen.current = { entityRef, fingerprint };
    if (before.entityRef !== entityRef) {
      // Another service moved to this line: nothing about it has changed.
      setChanges(0);
    } else if (entityRef && before.fingerprint !== fingerprint) {
      setChanges(count => count + 1);
    }
  }, [entityRef, fingerprint]);
  return changes;
}
