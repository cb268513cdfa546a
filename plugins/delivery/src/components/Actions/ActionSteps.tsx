import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import { ActionStep } from '@slipway/plugin-delivery-common';
import { RelativeTime, StatusBadge } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import styles from './ActionProgress.module.css';

/** The steps of an action: which are done, which one is under way. */
export function ActionSteps(props: { steps: ActionStep[] }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (
    <ol className={styles.steps} aria-label={t('action.steps')}>
      {props.steps.map(step => (
        <li
          key={step.id}
          className={styles.step}
          data-state={step.state}
          aria-current={step.state === 'running' ? 'step' : undefined}
        >
          <span className={styles.mark}>
            <Mark state={step.state} />
          </span>
          <span className={styles.text}>
            {step.title}
            {step.at && step.state !== 'pending' && (
              <>
                {', '}
                <RelativeTime at={step.at} />
              </>
            )}
            {step.detail && (
              <span className={styles.detail}>{step.detail}</span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What is known has the glyphs of the status language; the rest is to come. */
function Mark(props: { state: ActionStep['state'] }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { state } = props;
  switch (state) {
    case 'done':
      return (
        <StatusBadge glyphOnly status="healthy" word={t('action.stepDone')} />
      );
    case 'running':
      return (
        <StatusBadge
          glyphOnly
          status="progressing"
          word={t('action.stepRunning')}
        />
      );
    case 'failed':
      return (
        <StatusBadge
          glyphOnly
          status="degraded"
          word={t('action.stepFailed')}
        />
      );
    case 'pending':
      return <ToCome word={t('action.stepPending')} />;
    case 'skipped':
      return <ToCome word={t('action.stepSkipped')} crossed />;
    default:
      throw new TypeError(`Unknown state ${state satisfies never}`);
  }
}

function ToCome(props: { word: string; crossed?: boolean }) {
  return (
    <>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {props.crossed ? (
          <path d="M4 8h8" stroke="currentColor" strokeWidth="1.6" />
        ) : (
          <circle
            cx="8"
            cy="8"
            r="5.5"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
          />
        )}
      </svg>
      <VisuallyHidden>{props.word}</VisuallyHidden>
    </>
  );
}
