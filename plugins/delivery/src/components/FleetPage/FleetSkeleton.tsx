import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton, VisuallyHidden } from '@backstage/ui';
import { deliveryTranslationRef } from '../../translation';
import styles from './FleetSkeleton.module.css';

const LINES = Array.from({ length: 12 }, (_, line) => line);
const CELLS = ['first', 'second', 'third'];

/** The shape of the fleet while it is being read. */
export function FleetSkeleton() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (
    <div className={styles.skeleton} aria-busy="true">
      <VisuallyHidden role="status">{t('fleet.loadingRow')}</VisuallyHidden>
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
