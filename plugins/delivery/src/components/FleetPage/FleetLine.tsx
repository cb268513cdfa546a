import { memo } from 'react';
import { Link } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import {
  EnvironmentDescription,
  FleetRow,
} from '@slipway/plugin-delivery-common';
import { FleetItem } from '../../domain/fleetLayout';
import { GridPosition } from '../../domain/gridNavigation';
import { deliveryTranslationRef } from '../../translation';
import { ActionsSubject } from './FleetActions';
import { CellAttributes, FleetCellView } from './FleetCellView';
import { CellCardActions } from './useCellCard';
import styles from './FleetGrid.module.css';

type FleetLineProps = {
  line: number;
  item: FleetItem;
  row?: FleetRow;
  columns: EnvironmentDescription[];
  stacked: boolean;
  /** The column that Tab leads to, if it is on this line. */
  activeColumn?: number;
  tabLink: (entityRef: string) => string;
  card: CellCardActions;
  cardId: string;
  /** The environment whose card is open, if it is on this line. */
  cardOn?: string;
  onFocus: (position: GridPosition) => void;
  onOpen: (line: number) => void;
  onActions: (subject: ActionsSubject) => void;
};

/** A line of the fleet: the heading of a group, or a service. */
export const FleetLine = memo(function Line(props: FleetLineProps) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { line, item, row, columns, activeColumn, card } = props;

  function cellProps(column: number): CellAttributes {
    return {
      'aria-colindex': column + 1,
      'data-position': `${line}:${column}`,
      tabIndex: activeColumn === column ? 0 : -1,
    };
  }

  if (item.kind === 'group') {
    const { group } = item;
    return (
      <div className={styles.group} role="row" aria-rowindex={line + 2}>
        <span
          role="rowheader"
          aria-colspan={columns.length + 1}
          className={styles.groupCell}
          {...cellProps(0)}
          onFocus={() => {
            card.hide();
            props.onFocus({ line, column: 0 });
          }}
        >
          <span className={styles.groupTitle}>{group.title}</span>
          <span className={styles.groupCount}>
            {t('fleet.groupServices', { count: group.services })}
          </span>
          {group.attention > 0 && (
            <span className={styles.groupAttention}>
              {t('fleet.attention', { count: group.attention })}
            </span>
          )}
        </span>
      </div>
    );
  }

  return (
    <div
      className={styles.service}
      role="row"
      aria-rowindex={line + 2}
      aria-busy={!row || undefined}
    >
      <span role="rowheader" className={styles.name} aria-colindex={1}>
        {row ? (
          <Link
            {...cellProps(0)}
            aria-colindex={undefined}
            to={props.tabLink(row.entityRef)}
            className={styles.nameLink}
            onFocus={() => {
              card.hide();
              props.onFocus({ line, column: 0 });
            }}
          >
            {row.title}
          </Link>
        ) : (
          <span
            {...cellProps(0)}
            aria-colindex={undefined}
            aria-label={t('fleet.loadingRow')}
          >
            <Skeleton width="8rem" height="1rem" />
          </span>
        )}
      </span>
      {columns.map((environment, index) => (
        <FleetCellView
          key={environment.id}
          attributes={cellProps(index + 1)}
          row={row}
          environment={environment}
          previous={previousOf(row, columns, index)}
          stacked={props.stacked}
          card={card}
          describedBy={
            props.cardOn === environment.id ? props.cardId : undefined
          }
          onFocus={() => props.onFocus({ line, column: index + 1 })}
          onOpen={() => props.onOpen(line)}
          onActions={cell => {
            if (row) {
              props.onActions({ row, environment, cell });
            }
          }}
        />
      ))}
    </div>
  );
});

/**
 * The environment that a cell is compared with. Columns of other chains, where
 * the service does not run, may stand between the two.
 */
function previousOf(
  row: FleetRow | undefined,
  columns: EnvironmentDescription[],
  index: number,
): EnvironmentDescription | undefined {
  return columns
    .slice(0, index)
    .reverse()
    .find(column => row?.cells[column.id]);
}
