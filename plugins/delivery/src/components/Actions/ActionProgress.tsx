import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, VisuallyHidden } from '@backstage/ui';
import { DeploymentAction } from '@slipway/plugin-delivery-common';
import { RelativeTime, StatusBadge } from '@slipway/plugin-delivery-react';
import { isPlainSuccess, phaseLook } from '../../domain/actionLook';
import { deliveryTranslationRef } from '../../translation';
import { Actor } from '../shared/Person';
import { ActionSteps } from './ActionSteps';
import { OutcomeList } from './OutcomeList';
import { useActionWords } from './useActionWords';
import styles from './ActionProgress.module.css';

/**
 * An action that somebody asked for: what, who, why, how far it has got, and how
 * it ended. Everybody who looks at the deployment sees the same.
 */
export function ActionProgress(props: {
  action: DeploymentAction;
  /** What people call the environment. */
  environment: string;
  /** Whether screen readers are told of what changes. */
  announced?: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useActionWords();
  const { action, environment, announced } = props;
  const { phase, steps, summary, outcomes, commit, reason } = action;
  const what = words.asked(action.action, action.options);
  return (
    <section
      className={styles.progress}
      data-phase={phase}
      aria-label={t('action.progress', { what, environment })}
    >
      <div className={styles.head}>
        <StatusBadge status={phaseLook(phase)} word={words.phase(phase)} />
        <strong>{what}</strong>
        <span className={styles.who}>
          {t('action.by')} <Actor actor={action.requestedBy} />,{' '}
          <RelativeTime at={action.finishedAt ?? action.requestedAt} />
        </span>
      </div>
      <p className={styles.summary}>{summary}</p>
      <p className={styles.reason}>{t('action.because', { reason })}</p>
      {/* Once all went well, how it went is of no more interest. */}
      {steps.length > 0 && phase !== 'succeeded' && (
        <ActionSteps steps={steps} />
      )}
      {commit && (
        <p className={styles.reason}>
          <CommitLink url={commit.url}>
            {t('action.commit', { sha: commit.sha.slice(0, 7) })}
          </CommitLink>
        </p>
      )}
      {outcomes && outcomes.length > 0 && (
        <OutcomeList
          outcomes={outcomes}
          dryRun={action.options.dryRun ?? false}
          closed={isPlainSuccess(action)}
        />
      )}
      {announced && <ActionAnnouncement action={action} />}
    </section>
  );
}

/**
 * Tells screen readers how an action stands, politely and in one sentence. It
 * stays on the page while there is no action: what appears together with its
 * text is not read out.
 */
export function ActionAnnouncement(props: {
  action: DeploymentAction | undefined;
}) {
  const words = useActionWords();
  const { action } = props;
  return (
    <VisuallyHidden role="status">
      {action &&
        `${words.asked(action.action, action.options)}: ${action.summary}`}
    </VisuallyHidden>
  );
}

function CommitLink(props: { url?: string; children: ReactNode }) {
  const { url, children } = props;
  return url && /^https?:\/\//i.test(url) ? (
    <Link href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </Link>
  ) : (
    <>{children}</>
  );
}
