import { useMemo } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import { DiffLine, diffLines } from '../../domain/diffLines';
import { deliveryTranslationRef } from '../../translation';
import styles from './DiffView.module.css';

/**
 * The changes of a file. Its lines wrap, so that nothing scrolls sideways; sign
 * and words say what is added and removed, and colour only helps.
 */
export function DiffView(props: { path: string; patch: string }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { path, patch } = props;
  const lines = useMemo(() => diffLines(patch), [patch]);
  return (
    <ol className={styles.diff} aria-label={t('confirm.diffOf', { path })}>
      {lines.map((line, index) => (
        // A diff never changes while it is shown: its order names its lines.
        <Line key={index} line={line} />
      ))}
    </ol>
  );
}

function Line(props: { line: DiffLine }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { line } = props;
  if (line.kind === 'hunk') {
    return (
      <li className={styles.line} data-kind="hunk">
        {t('confirm.diffHunk', { line: String(line.from) })}
      </li>
    );
  }
  if (line.kind === 'note') {
    return (
      <li className={styles.line} data-kind="note">
        <span className={styles.text}>{line.text}</span>
      </li>
    );
  }
  return (
    <li className={styles.line} data-kind={line.kind}>
      <span className={styles.number} aria-hidden="true">
        {line.after ?? line.before}
      </span>
      <span className={styles.sign} aria-hidden="true">
        {sign()}
      </span>
      <span className={styles.text}>
        <VisuallyHidden>{spoken()}</VisuallyHidden>
        {line.text}
      </span>
    </li>
  );

  function sign(): string {
    switch (line.kind) {
      case 'added':
        return '+';
      case 'removed':
        return '−';
      default:
        return '';
    }
  }

  function spoken(): string {
    switch (line.kind) {
      case 'added':
        return `${t('confirm.diffAdded')} `;
      case 'removed':
        return `${t('confirm.diffRemoved')} `;
      default:
        return '';
    }
  }
}
