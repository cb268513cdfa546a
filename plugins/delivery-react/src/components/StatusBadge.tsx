import { VisuallyHidden } from '@backstage/ui';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { DeploymentStatus, Observation } from '@slipway/plugin-delivery-common';
import { statusLook } from '../domain/statusLook';
import { deliveryReactTranslationRef } from '../translation';
import { StatusGlyph } from './StatusGlyph';
import styles from './StatusBadge.module.css';

/**
 * Props of {@link StatusBadge}.
 *
 * @public
 */
export type StatusBadgeProps = {
  status: DeploymentStatus;
  /** How far the status can be trusted; fresh when absent. */
  observation?: Pick<Observation, 'state'>;
  /** Whether the platform confirms that it belongs here; true when absent. */
  bound?: boolean;
  /**
   * Shows the glyph alone, where the words beside it already say the status.
   * The word stays for screen readers.
   */
  glyphOnly?: boolean;
  /**
   * Another word for the same state: what is done or passed has the look of
   * `healthy`, what failed that of `degraded`.
   */
  word?: string;
  /** Does not move: it tells of something that was, not of something under way. */
  still?: boolean;
};

/**
 * The one status language: glyph and word, with colour to help. Nothing else
 * knows which glyph, word and colour a status has.
 *
 * @public
 */
export function StatusBadge(props: StatusBadgeProps) {
  const { t } = useTranslationRef(deliveryReactTranslationRef);
  const look = statusLook(props);

  let word = props.word ?? t(`status.${look.status}`);
  if (look.faded) {
    word = t('status.stale', { status: word });
  }
  if (look.dashed) {
    word = t('status.unbound', { status: word });
  }

  return (
    <span
      className={styles.badge}
      data-role={look.role}
      data-status={look.status}
      data-faded={look.faded || undefined}
      data-dashed={look.dashed || undefined}
      data-moving={(look.moving && !props.still) || undefined}
    >
      <span className={styles.glyphBox}>
        <StatusGlyph status={look.status} className={styles.glyph} />
      </span>
      {props.glyphOnly ? (
        <VisuallyHidden>{word}</VisuallyHidden>
      ) : (
        <span className={styles.word}>{word}</span>
      )}
    </span>
  );
}
