import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ActivityEntry } from '@slipway/plugin-delivery-common';
import { RelativeTime, StatusBadge } from '@slipway/plugin-delivery-react';
import { parseEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/ui';
import { eventLook } from '../../domain/actionLook';
import { deliveryTranslationRef } from '../../translation';
import { useActionWords } from '../Actions/useActionWords';
import { Actor } from '../shared/Person';
import { useDeploymentsTabLink } from '../shared/useDeploymentsTabLink';
import styles from './ActivityList.module.css';

/**
 * One line of the audit: what, of which service, where, who and when; then why,
 * what they saw, and what came of it.
 */
export function ActivityLine(props: {
  entry: ActivityEntry;
  /** What people call the environment. */
  environment: string;
  /** Whether the line says of which service; its own page need not. */
  ofService: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useActionWords();
  const tabLink = useDeploymentsTabLink();
  const { entry, environment, ofService } = props;
  const { event, action, options, actor, at, entityRef, target } = entry;
  const facts = [
    { name: t('activity.how'), text: words.chosen(options) },
    { name: t('activity.why'), text: entry.reason },
    { name: t('activity.saw'), text: entry.stateSeen },
    { name: t('activity.result'), text: entry.result },
  ];
  return (
    <li className={styles.entry} data-event={event}>
      <div className={styles.what}>
        <StatusBadge
          still
          status={eventLook(event)}
          word={words.event(event)}
        />
        <span>
          <strong>{words.asked(action, options)}</strong>
          {ofService && (
            <>
              {' '}
              {t('activity.ofService')}{' '}
              <Link href={tabLink(entityRef)}>
                {parseEntityRef(entityRef).name}
              </Link>
            </>
          )}{' '}
          {t('activity.inEnvironment')} <strong>{environment}</strong>
        </span>
        <span className={styles.who}>
          <Actor actor={actor.ref} kind={actor.kind} />
        </span>
        <span className={styles.when}>
          <RelativeTime at={at} />
        </span>
      </div>
      {target && (
        <p className={styles.target}>{t('activity.target', { ...target })}</p>
      )}
      <dl className={styles.facts}>
        {facts.map(
          ({ name, text }) =>
            text && (
              <div key={name} className={styles.fact}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ),
        )}
      </dl>
    </li>
  );
}
