import { timeInFull } from '../domain/timeSpan';
import { Hint } from './Hint';
import { useTimeWords } from './useTimeWords';
import styles from './RelativeTime.module.css';

/**
 * Props of {@link RelativeTime}.
 *
 * @public
 */
export type RelativeTimeProps = {
  /** ISO 8601. */
  at: string;
  /** `ago` says "12 min ago", `age` says "12 min"; `ago` when absent. */
  form?: 'ago' | 'age';
};

/**
 * A moment as people say it; the exact UTC and local time on hover, focus or
 * tap.
 *
 * @public
 */
export function RelativeTime(props: RelativeTimeProps) {
  const { at, form = 'ago' } = props;
  const words = useTimeWords();
  const full = timeInFull(at);
  const text = form === 'ago' ? words.ago(at) : words.age(at);
  if (!full) {
    return <span>{text}</span>;
  }
  return (
    <Hint
      hint={
        <span className={styles.full}>
          <span>{full.utc}</span>
          {full.local !== full.utc && <span>{full.local}</span>}
        </span>
      }
    >
      <time dateTime={at}>{text}</time>
    </Hint>
  );
}
