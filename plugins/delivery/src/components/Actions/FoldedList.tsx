import { ReactElement, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { deliveryTranslationRef } from '../../translation';

/** Entries before the rest is folded away. */
const FIRST = 8;

/** Hiding one or two entries would save no room. */
const WORTH_FOLDING = 2;

/** A list of which only the first entries show until more is asked for. */
export function FoldedList(props: {
  items: ReactElement[];
  label: string;
  className: string;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { items, label, className } = props;
  const [open, setOpen] = useState(false);
  const folded = !open && items.length > FIRST + WORTH_FOLDING;
  return (
    <>
      <ul className={className} aria-label={label}>
        {folded ? items.slice(0, FIRST) : items}
      </ul>
      {folded && (
        <div>
          <Button
            size="small"
            variant="secondary"
            onPress={() => setOpen(true)}
          >
            {t('action.outcomesMore', { n: String(items.length - FIRST) })}
          </Button>
        </div>
      )}
    </>
  );
}
