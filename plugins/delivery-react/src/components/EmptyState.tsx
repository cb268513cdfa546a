import { ReactNode } from 'react';
import { CopyButton } from './CopyButton';
import styles from './EmptyState.module.css';

/**
 * Something to copy.
 *
 * @public
 */
export type Snippet = {
  /** What it is and where it goes, as a sentence. */
  title: string;
  /** What it is in few words, for the name of the copy button. */
  what: string;
  /** The text itself. */
  text: string;
};

/**
 * Props of {@link EmptyState}.
 *
 * @public
 */
export type EmptyStateProps = {
  /** What is not here, as a sentence. */
  title: string;
  /** Why, and what to do next. */
  description: ReactNode;
  /** What to copy into one's own files. */
  snippets?: Snippet[];
  /** What to press instead. */
  action?: ReactNode;
};

/**
 * The state of a page that has nothing to show: it says what to do next.
 *
 * @public
 */
export function EmptyState(props: EmptyStateProps) {
  return (
    <section className={styles.empty}>
      <h2 className={styles.title}>{props.title}</h2>
      <div className={styles.description}>{props.description}</div>
      {props.snippets?.map(snippet => (
        <div key={snippet.what} className={styles.snippet}>
          <p className={styles.snippetTitle}>{snippet.title}</p>
          <div className={styles.code}>
            <pre>
              <code>{snippet.text}</code>
            </pre>
            <CopyButton text={snippet.text} what={snippet.what} />
          </div>
        </div>
      ))}
      {props.action && <div>{props.action}</div>}
    </section>
  );
}
