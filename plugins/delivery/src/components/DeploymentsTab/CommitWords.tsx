import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Commit } from '@slipway/plugin-delivery-common';
import { RelativeTime } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import styles from './CommitWords.module.css';

/** A commit: what it says, who wrote it, when, and where to read it. */
export function CommitWords(props: { commit: Commit }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { sha, message, author, date, url } = props.commit;
  const [subject] = (message ?? '').split('\n');
  const name = t('tab.openCommit', { sha: sha.slice(0, 7) });
  return (
    <div className={styles.commit}>
      {subject && <p className={styles.subject}>{subject}</p>}
      <p className={styles.origin}>
        {url && /^https?:\/\//i.test(url) ? (
          <Link href={url} target="_blank" rel="noopener noreferrer">
            {name}
          </Link>
        ) : (
          name
        )}
        {author && ` ${t('tab.commitBy', { author })}`}
        {date && (
          <>
            {', '}
            <RelativeTime at={date} />
          </>
        )}
      </p>
    </div>
  );
}
