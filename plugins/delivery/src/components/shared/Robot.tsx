import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RiRobot2Line } from '@remixicon/react';
import { deliveryTranslationRef } from '../../translation';
import styles from './Robot.module.css';

/** Something that acts without being a person, labelled so. */
export function Robot(props: { name: string }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (
    <span className={styles.robot}>
      <RiRobot2Line aria-hidden="true" className={styles.icon} />
      {props.name} <span className={styles.label}>{t('history.robot')}</span>
    </span>
  );
}
