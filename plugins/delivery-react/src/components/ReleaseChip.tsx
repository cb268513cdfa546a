import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { FleetRelease, Release } from '@slipway/plugin-delivery-common';
import { Focusable, Tooltip, TooltipTrigger } from '@backstage/ui';
import { releaseView, ReleaseView, shortDigest } from '../domain/releaseView';
import { deliveryReactTranslationRef } from '../translation';
import { Hint } from './Hint';
import styles from './ReleaseChip.module.css';

/**
 * Props of {@link ReleaseChip}.
 *
 * @public
 */
export type ReleaseChipProps = {
  release: Release | FleetRelease;
};

/**
 * A release, always shown the same way: what people call it; image, digest and
 * commit on hover, focus or tap; its commit on a click, where it has a page.
 * Shows nothing when nothing is known of the release.
 *
 * @public
 */
export function ReleaseChip(props: ReleaseChipProps) {
  const { t } = useTranslationRef(deliveryReactTranslationRef);
  const release = releaseView(props.release);
  if (!release) {
    return null;
  }
  const url = release.commit?.url;
  const chip = <code className={styles.label}>{release.label}</code>;
  if (!release.image && !release.digest && !release.revision) {
    return <span className={styles.chip}>{chip}</span>;
  }
  const details = <ReleaseDetails release={release} />;
  if (!url || !isWebAddress(url)) {
    return (
      <span className={styles.chip}>
        <Hint hint={details}>{chip}</Hint>
      </span>
    );
  }
  return (
    <span className={styles.chip}>
      <TooltipTrigger delay={300}>
        <Focusable>
          <a
            className={styles.link}
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={t('release.openCommit', {
              label: release.label,
              sha: (release.commit?.sha ?? '').slice(0, 7),
            })}
          >
            {chip}
          </a>
        </Focusable>
        <Tooltip>{details}</Tooltip>
      </TooltipTrigger>
    </span>
  );
}

function ReleaseDetails(props: { release: ReleaseView }) {
  const { t } = useTranslationRef(deliveryReactTranslationRef);
  const { image, digest, revision } = props.release;
  return (
    <span className={styles.details}>
      {image && <Detail name={t('release.image')} value={image} />}
      {digest && (
        <Detail name={t('release.digest')} value={shortDigest(digest)} />
      )}
      {revision && (
        <Detail name={t('release.commit')} value={revision.slice(0, 12)} />
      )}
    </span>
  );
}

function Detail(props: { name: string; value: string }) {
  return (
    <span className={styles.detail}>
      <span>{props.name}</span> <code>{props.value}</code>
    </span>
  );
}

/**
 * Commit addresses come from outside; a `javascript:` one must not become a
 * link.
 */
function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url);
}
