import { ReactNode, useId, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Focusable,
  Tooltip,
  TooltipTrigger,
  VisuallyHidden,
} from '@backstage/ui';
import { RiLockLine } from '@remixicon/react';
import { deliveryTranslationRef } from '../../translation';
import styles from './ReasonedButton.module.css';

/**
 * A button that says why it cannot be pressed. Unlike a disabled one it keeps
 * its place in the tab order and explains itself on hover, focus and tap, and to
 * screen readers.
 */
export function ReasonedButton(props: {
  children: ReactNode;
  /** Why it cannot be pressed now; it can when absent. */
  reason?: string;
  onPress: () => void;
  variant?: 'primary' | 'secondary';
  destructive?: boolean;
  size?: 'small' | 'medium';
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { children, reason, size = 'small', ...button } = props;
  const [open, setOpen] = useState(false);
  const reasonId = useId();

  if (reason === undefined) {
    return (
      <Button size={size} {...button}>
        {children}
      </Button>
    );
  }
  return (
    <>
      <TooltipTrigger delay={200} isOpen={open} onOpenChange={setOpen}>
        <Focusable>
          <button
            type="button"
            className={styles.unavailable}
            data-size={size}
            aria-disabled="true"
            aria-describedby={reasonId}
            onClick={() => setOpen(true)}
          >
            <RiLockLine aria-hidden="true" className={styles.icon} />
            {children}
          </button>
        </Focusable>
        <Tooltip>{reason}</Tooltip>
      </TooltipTrigger>
      {/* Beside the button: what is in it would become part of its name. */}
      <VisuallyHidden id={reasonId}>
        {t('action.notNow')}: {reason}
      </VisuallyHidden>
    </>
  );
}
