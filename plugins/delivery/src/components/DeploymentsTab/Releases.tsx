import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Deployment,
  Release,
  sameBuild,
} from '@slipway/plugin-delivery-common';
import { RelativeTime, ReleaseChip } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { CommitWords } from './CommitWords';
import styles from './Releases.module.css';

/**
 * What the cluster serves and what git asks for. Where both are the same build
 * it is said once: two equal lines would have to be compared by eye.
 */
export function Releases(props: { deployment: Deployment }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { serving, servingSince, wanted, assessment } = props.deployment;
  const showWanted = wanted !== undefined && !sameBuild(serving, wanted);
  return (
    <dl className={styles.releases}>
      <Line name={t('tab.serving')}>
        {serving ? (
          <>
            <ReleaseChip release={serving} />
            {servingSince && (
              <span className={styles.since}>
                <RelativeTime at={servingSince} />
              </span>
            )}
            <Commits release={serving} as="served" />
          </>
        ) : (
          nothing()
        )}
      </Line>
      {showWanted && (
        <Line name={t('tab.wanted')}>
          <ReleaseChip release={wanted} />
          <Commits release={wanted} as="wanted" />
        </Line>
      )}
    </dl>
  );

  /** That nothing is served can be known, and is not the same as not knowing. */
  function nothing(): string {
    return assessment.reason === 'scaled-to-none'
      ? t('tab.scaledToNone')
      : t('tab.nothingServing');
  }
}

function Line(props: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Commits(props: { release: Release; as: 'served' | 'wanted' }) {
  return (
    <>
      {props.release.revisions.map(
        ({ commit }) =>
          commit && (
            <CommitWords key={commit.sha} commit={commit} as={props.as} />
          ),
      )}
    </>
  );
}
