import { Skeleton } from '@backstage/ui';
import { ReadingWords } from '../shared/ReadingWords';
import styles from './FleetSkeleton.module.css';

const LINES = Array.from({ length: 12 }, (_, line) => line);
const CELLS = ['first', 'second', 'third'];

/** The shape of the fleet while it is being read. */
export function FleetSkeleton() {
  return (
    <div className={styles.skeleton} aria-busy="true">
      <ReadingWords />
      {LINES.map(line => (
        <div key={line} className={styles.line} aria-hidden="true">
          <Skeleton width={`${6 + ((line * 5) % 4)}rem`} height="1rem" />
          {CELLS.map(cell => (
            <span key={cell} className={styles.cell}>
              <Skeleton width="1rem" height="1rem" rounded />
              <Skeleton width="7rem" height="1rem" />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
