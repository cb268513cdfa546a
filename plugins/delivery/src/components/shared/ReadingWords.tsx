import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { deliveryTranslationRef } from '../../translation';
import styles from './ReadingWords.module.css';

/** Says what is awaited; to the eye only once it takes longer than a second. */
export function ReadingWords() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (
    <p role="status" className={styles.words}>
      {t('fleet.reading')}
    </p>
  );
}
