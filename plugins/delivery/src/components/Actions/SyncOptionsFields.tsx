import { useId } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox } from '@backstage/ui';
import { SyncOptions } from '@slipway/plugin-delivery-common';
import { deliveryTranslationRef } from '../../translation';
import styles from './SyncOptionsFields.module.css';

/** How to sync: each choice with what it means, in plain words. */
export function SyncOptionsFields(props: {
  options: SyncOptions;
  onChange: (options: SyncOptions) => void;
  disabled: boolean;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { options, onChange, disabled } = props;
  const choices = [
    {
      option: 'prune' as const,
      label: t('confirm.prune'),
      help: t('confirm.pruneHelp'),
    },
    {
      option: 'outOfSyncOnly' as const,
      label: t('confirm.outOfSyncOnly'),
      help: t('confirm.outOfSyncOnlyHelp'),
    },
    {
      option: 'serverSideApply' as const,
      label: t('confirm.serverSideApply'),
      help: t('confirm.serverSideApplyHelp'),
    },
    {
      option: 'force' as const,
      label: t('confirm.force'),
      help: t('confirm.forceHelp'),
    },
  ];
  return (
    <fieldset className={styles.options}>
      <legend className={styles.legend}>{t('confirm.options')}</legend>
      {choices.map(({ option, label, help }) => (
        <Choice
          key={option}
          label={label}
          help={help}
          selected={options[option] ?? false}
          disabled={disabled}
          // What was never chosen stays as the application has it.
          onChange={selected =>
            onChange({ ...options, [option]: selected || undefined })
          }
        />
      ))}
    </fieldset>
  );
}

function Choice(props: {
  label: string;
  help: string;
  selected: boolean;
  disabled: boolean;
  onChange: (selected: boolean) => void;
}) {
  const help = useId();
  return (
    <div className={styles.choice}>
      <Checkbox
        isSelected={props.selected}
        isDisabled={props.disabled}
        onChange={props.onChange}
        aria-describedby={help}
      >
        {props.label}
      </Checkbox>
      <p id={help} className={styles.help}>
        {props.help}
      </p>
    </div>
  );
}
