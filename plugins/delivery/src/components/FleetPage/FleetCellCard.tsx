import { useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ObservationNote,
  shortDigest,
  StatusBadge,
  timeInFull,
  useTimeWords,
} from '@slipway/plugin-delivery-react';
import { FleetRelease } from '@slipway/plugin-delivery-common';
import { placeCard } from '../../domain/placeCard';
import { deliveryTranslationRef } from '../../translation';
import { useDifferenceWords } from '../shared/useDifferenceWords';
import { CardSubject, CellCard } from './useCellCard';
import styles from './FleetCellCard.module.css';

/**
 * The card of the cell under the pointer or with the focus. It is placed here
 * rather than by a popover component, because those take the focus or close on
 * the next key, and the arrow keys must go on moving in the grid.
 */
export function FleetCellCard(props: { card: CellCard }) {
  const { subject } = props.card;
  return subject
    ? createPortal(
        <Card card={props.card} subject={subject} />,
        // Themes set their tokens on the body, and nothing clips there.
        document.body,
      )
    : null;
}

function Card(props: { card: CellCard; subject: CardSubject }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { ago } = useTimeWords();
  const differenceWords = useDifferenceWords();
  const { row, environment, previous, anchor } = props.subject;
  const cell = row.cells[environment.id];
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });

  useLayoutEffect(() => {
    const card = ref.current?.getBoundingClientRect();
    if (card) {
      setPlace(
        placeCard({
          anchor: anchor.getBoundingClientRect(),
          card,
          window: { width: window.innerWidth, height: window.innerHeight },
        }),
      );
    }
  }, [anchor, cell]);

  const difference =
    previous && differenceWords(cell.difference, previous.title);
  const since = cell.since && timeInFull(cell.since);
  return (
    <div
      ref={ref}
      id={props.card.id}
      role="tooltip"
      className={styles.card}
      style={place}
      onMouseEnter={props.card.actions.stay}
      onMouseLeave={props.card.actions.leave}
    >
      <p className={styles.heading}>
        {t('card.heading', {
          service: row.title,
          environment: environment.title,
        })}
      </p>
      <StatusBadge
        status={cell.status}
        observation={cell.observation}
        bound={cell.bound}
      />
      {cell.note && <p>{cell.note}</p>}
      {cell.observation.state !== 'fresh' && (
        <p>
          <ObservationNote observation={cell.observation} />
        </p>
      )}
      <dl className={styles.facts}>
        {cell.serving && (
          <Release name={t('card.serving')} release={cell.serving} />
        )}
        {cell.wanted && (
          <Release name={t('card.wanted')} release={cell.wanted} />
        )}
        {cell.since && since && (
          <Fact name={t('card.since')}>
            {ago(cell.since)}
            <br />
            {since.utc}
            {since.local !== since.utc && (
              <>
                <br />
                {since.local}
              </>
            )}
          </Fact>
        )}
        {difference && <Fact name={t('card.compared')}>{difference}</Fact>}
        {cell.targets > 1 && (
          <Fact name={t('card.targets')}>{cell.targets}</Fact>
        )}
      </dl>
      {!cell.bound && <p>{t('card.unbound')}</p>}
      <p className={styles.open}>{t('card.open')}</p>
    </div>
  );
}

function Release(props: { name: string; release: FleetRelease }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { label, digest, revision } = props.release;
  return (
    <Fact name={props.name}>
      <code>{label}</code>
      {digest && (
        <>
          <br />
          {t('card.digest')} <code>{shortDigest(digest)}</code>
        </>
      )}
      {revision && (
        <>
          <br />
          {t('card.commit')} <code>{revision.slice(0, 12)}</code>
        </>
      )}
    </Fact>
  );
}

function Fact(props: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  );
}
