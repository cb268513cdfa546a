import { forwardRef } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TextAreaField } from '@backstage/ui';
import {
  LONGEST_REASON,
  reasonLength,
  reasonProblem,
} from '../../domain/reason';
import { deliveryTranslationRef } from '../../translation';
import styles from './ReasonField.module.css';

/**
 * Why, in the person's own words. It is a field of several lines outside of any
 * form, so Enter is a new line and never a confirmation; and it suggests nothing,
 * because a reason that is a habit tells nobody anything.
 */
export const ReasonField = forwardRef<
  HTMLDivElement,
  {
    value: string;
    onChange: (value: string) => void;
    help: string;
    /** Whether to say that it is missing; that it is too long is always said. */
    complain: boolean;
    disabled: boolean;
  }
>(function Reason(props, ref) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { value, onChange, help, complain, disabled } = props;
  const complaint = complaintWords();
  return (
    <div className={styles.reason}>
      <TextAreaField
        ref={ref}
        label={t('confirm.reason')}
        isRequired
        description={help}
        rows={2}
        autoComplete="off"
        value={value}
        onChange={onChange}
        isReadOnly={disabled}
        isInvalid={complaint !== undefined}
      />
      <div className={styles.below}>
        <span role="alert" className={styles.complaint}>
          {complaint}
        </span>
        <span className={styles.count}>
          {t('confirm.reasonCount', {
            used: String(reasonLength(value)),
            most: String(LONGEST_REASON),
          })}
        </span>
      </div>
    </div>
  );

  function complaintWords(): string | undefined {
    const found = reasonProblem(value);
    switch (found?.problem) {
      case 'missing':
        return complain ? t('confirm.reasonMissing') : undefined;
      case 'too-long':
        return t('confirm.reasonTooLong', { over: String(found.over) });
      case undefined:
        return undefined;
      default:
        throw new TypeError(`Unknown problem ${found satisfies never}`);
    }
  }
});
