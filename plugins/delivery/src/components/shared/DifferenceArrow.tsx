import { EnvironmentDifference } from '@slipway/plugin-delivery-common';
import { differenceMark } from '../../domain/differenceMark';
import styles from './DifferenceArrow.module.css';

/**
 * What is drawn between two environments. Decoration: the words beside it say
 * the same.
 */
export function DifferenceArrow(props: {
  release: EnvironmentDifference['release'] | undefined;
}) {
  const mark = differenceMark(props.release);
  if (mark === 'none') {
    return null;
  }
  return (
    <svg
      className={styles.arrow}
      data-mark={mark}
      viewBox="0 0 20 12"
      width="20"
      height="12"
      aria-hidden="true"
      focusable="false"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {mark === 'coming' && <path d="M2 6h15M13 2l4 4-4 4" />}
      {mark === 'ahead' && <path d="M18 6H3M7 2 3 6l4 4" />}
      {mark === 'different' && <path d="M5 4h10M5 8h10M13 1 7 11" />}
    </svg>
  );
}
