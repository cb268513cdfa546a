import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Commit } from '@slipway/plugin-delivery-common';
import { RelativeTime } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { Person } from '../shared/Person';
import styles from './CommitWords.module.css';

/**
 * A commit: what it says, who wrote it, when, and where to read it. Repositories
 * hold many services, so the commit that a release was read from need not be
 * the one that made it; the words say which it is.
 */
export function CommitWords(props: {
  commit: Commit;
  /**
   * - `served`: what was deployed was read from git at this commit.
   * - `wanted`: git was last looked at when this was its newest commit.
   */
  as: 'served' | 'wanted';
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { sha, message, author, date, url } = props.commit;
  const [subject] = (message ?? '').split('\n');
  const short = sha.slice(0, 7);
  const name =
    props.as === 'wanted'
      ? t('tab.commitWanted', { sha: short })
      : t('tab.commitServed', { sha: short });
  return (
    <div className={styles.commit}>
      <div className={styles.origin}>
        {url && /^https?:\/\//i.test(url) ? (
          <Link href={url} target="_blank" rel="noopener noreferrer">
            {name}
          </Link>
        ) : (
          name
        )}
        {author && (
          <>
            {` ${t('tab.by')} `}
            <Person name={author} />
          </>
        )}
        {date && (
          <>
            {', '}
            <RelativeTime at={date} />
          </>
        )}
      </div>
      {subject && <p className={styles.subject}>{subject}</p>}
    </div>
  );
}
