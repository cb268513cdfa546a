import { ReactNode, useState } from 'react';
import { Focusable, Tooltip, TooltipTrigger } from '@backstage/ui';
import styles from './Hint.module.css';

/**
 * Props of {@link Hint}.
 *
 * @public
 */
export type HintProps = {
  /** What is seen. */
  children: ReactNode;
  /** What is said about it on hover, on focus and on a tap. Text only. */
  hint: ReactNode;
};

/**
 * Text with more to say. Unlike a bare tooltip it can be reached with the
 * keyboard and opened by a tap, so nothing is for mice only.
 *
 * @public
 */
export function Hint(props: HintProps) {
  const [open, setOpen] = useState(false);
  return (
    <TooltipTrigger delay={300} isOpen={open} onOpenChange={setOpen}>
      <Focusable>
        <button
          type="button"
          className={styles.hint}
          onClick={event => {
            // A hint inside a link or a card explains; it does not navigate.
            event.preventDefault();
            setOpen(true);
          }}
        >
          {props.children}
        </button>
      </Focusable>
      <Tooltip>{props.hint}</Tooltip>
    </TooltipTrigger>
  );
}
