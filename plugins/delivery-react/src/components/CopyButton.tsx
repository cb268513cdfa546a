import { useEffect, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { deliveryReactTranslationRef } from '../translation';
import styles from './CopyButton.module.css';

const SAY_SO_MS = 3_000;

/**
 * Props of {@link CopyButton}.
 *
 * @public
 */
export type CopyButtonProps = {
  /** The text to copy. */
  text: string;
  /** What it is, in words, for the name of the button. */
  what: string;
};

/**
 * Copies a text and says whether it worked.
 *
 * @public
 */
export function CopyButton(props: CopyButtonProps) {
  const { t } = useTranslationRef(deliveryReactTranslationRef);
  const [outcome, setOutcome] = useState<'done' | 'failed' | undefined>();

  useEffect(() => {
    if (!outcome) {
      return undefined;
    }
    const timer = setTimeout(() => setOutcome(undefined), SAY_SO_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    try {
      // Browsers offer no clipboard to pages that are not served over HTTPS.
      await navigator.clipboard.writeText(props.text);
      setOutcome('done');
    } catch {
      setOutcome('failed');
    }
  }

  return (
    <span className={styles.copy}>
      <Button
        size="small"
        variant="secondary"
        onPress={copy}
        aria-label={t('copy.label', { what: props.what })}
        iconStart={outcome === 'done' ? <RiCheckLine /> : <RiFileCopyLine />}
      >
        {t('copy.action')}
      </Button>
      <span role="status" className={styles.outcome}>
        {outcome && t(`copy.${outcome}`)}
      </span>
    </span>
  );
}
