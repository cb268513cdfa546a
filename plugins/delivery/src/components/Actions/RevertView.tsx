import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { FileChange, RevertPlan } from '@slipway/plugin-delivery-common';
import { RelativeTime, ReleaseChip } from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { DiffView } from './DiffView';
import plan from './PlanView.module.css';
import styles from './RevertView.module.css';

/** What a revert puts back, and the commit that does it, readable in place. */
export function RevertView(props: { revert: RevertPlan }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { from, to, toDeployedAt, repository, branch, files } = props.revert;
  const { commitSubject } = props.revert;
  return (
    <section className={plan.section}>
      <h3 className={plan.heading}>{t('confirm.revert')}</h3>
      <div className={styles.releases}>
        <span>{t('confirm.revertFrom')}</span>
        <ReleaseChip release={from} />
        <span>{t('confirm.revertTo')}</span>
        <ReleaseChip release={to} />
        {toDeployedAt && (
          <span className={styles.quiet}>
            {t('confirm.revertDeployed')} <RelativeTime at={toDeployedAt} />
          </span>
        )}
      </div>
      <dl className={styles.facts}>
        <dt>{t('confirm.repository')}</dt>
        <dd>{repository}</dd>
        <dt>{t('confirm.branch')}</dt>
        <dd>
          <code>{branch}</code>
        </dd>
        <dt>{t('confirm.commitMessage')}</dt>
        <dd>
          {commitSubject && <code>{commitSubject}</code>}{' '}
          <span className={styles.quiet}>{t('confirm.commitCarries')}</span>
        </dd>
      </dl>
      {files.map(file => (
        <section key={file.path} className={styles.file}>
          <h4 className={styles.path}>
            <code>{file.path}</code>
            <span className={styles.quiet}>{fileWords(file.change)}</span>
          </h4>
          <DiffView path={file.path} patch={file.patch} />
        </section>
      ))}
    </section>
  );

  function fileWords(change: FileChange['change']): string {
    switch (change) {
      case 'modify':
        return t('confirm.fileModify');
      case 'add':
        return t('confirm.fileAdd');
      case 'delete':
        return t('confirm.fileDelete');
      default:
        throw new TypeError(`Unknown change ${change satisfies never}`);
    }
  }
}
