import { KeyboardEvent, useEffect, useId, useRef } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ActionAvailability,
  DeploymentActionKind,
} from '@slipway/plugin-delivery-common';
import { RiLockLine } from '@remixicon/react';
import { deliveryTranslationRef } from '../../translation';
import { useActionWords } from './useActionWords';
import styles from './ActionItems.module.css';

/**
 * Actions to choose from. One that is not possible now stands there as well and
 * says why: a menu that hides it would leave people looking for it. Built of
 * plain buttons, because items of a menu component drop out of reach of the
 * keyboard once they are disabled, and their reasons with them.
 */
export function ActionItems(props: {
  actions: ActionAvailability[];
  /** What they act on, for screen readers. */
  label: string;
  onChoose: (action: DeploymentActionKind) => void;
  /** Whether the first of them takes the focus when they appear. */
  takesFocus?: boolean;
}) {
  const { actions, label, onChoose, takesFocus } = props;
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    if (takesFocus) {
      buttonsOf(list.current)[0]?.focus();
    }
  }, [takesFocus]);

  return (
    <ul ref={list} className={styles.items} aria-label={label}>
      {actions.map(availability => (
        <Item
          key={availability.action}
          availability={availability}
          onChoose={onChoose}
          onKeyDown={event => moveAmong(buttonsOf(list.current), event)}
        />
      ))}
    </ul>
  );
}

function Item(props: {
  availability: ActionAvailability;
  onChoose: (action: DeploymentActionKind) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useActionWords();
  const named = useId();
  const explained = useId();
  const { action, available, reason } = props.availability;
  return (
    <li>
      <button
        type="button"
        className={styles.item}
        data-destructive={
          action === 'terminate' || action === 'revert' || undefined
        }
        aria-disabled={available ? undefined : true}
        onKeyDown={props.onKeyDown}
        aria-labelledby={named}
        aria-describedby={explained}
        onClick={() => {
          if (available) {
            props.onChoose(action);
          }
        }}
      >
        <span id={named} className={styles.name}>
          {!available && (
            <RiLockLine aria-hidden="true" className={styles.icon} />
          )}
          {words.name(action)}
        </span>
        <span id={explained} className={styles.explained}>
          {available ? words.help(action) : reason ?? t('action.notNow')}
        </span>
      </button>
    </li>
  );
}

function buttonsOf(list: HTMLElement | null): HTMLElement[] {
  return Array.from(list?.querySelectorAll<HTMLElement>('button') ?? []);
}

function moveAmong(buttons: HTMLElement[], event: KeyboardEvent): void {
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const next = {
    ArrowDown: buttons[Math.min(at + 1, buttons.length - 1)],
    ArrowUp: buttons[Math.max(at - 1, 0)],
    Home: buttons[0],
    End: buttons[buttons.length - 1],
  }[event.key];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
