import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { BgProvider, Button, DialogTrigger, Popover } from '@backstage/ui';
import {
  Deployment,
  DeploymentActionKind,
  EnvironmentDescription,
} from '@slipway/plugin-delivery-common';
import { RiArrowDownSLine } from '@remixicon/react';
import { deliveryTranslationRef } from '../../translation';
import { ActionDialog } from './ActionDialog';
import { ActionItems } from './ActionItems';
import { ReasonedButton } from './ReasonedButton';
import { useActionWords } from './useActionWords';
import styles from './DeploymentActions.module.css';

/**
 * What can be done with a deployment, beside it. Sync stands first where git and
 * the cluster differ, because then it is the next step.
 */
export function DeploymentActions(props: {
  deployment: Deployment;
  environment: EnvironmentDescription;
  /** What people call the service. */
  service: string;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useActionWords();
  const { deployment, environment, service } = props;
  const { target, actions } = deployment;
  const [menuOpen, setMenuOpen] = useState(false);
  const [chosen, setChosen] = useState<DeploymentActionKind | undefined>();

  if (!actions || actions.length === 0) {
    return null;
  }
  const first = actions.find(
    ({ action }) => action === 'sync' && deployment.sync === 'out-of-sync',
  );
  const label = t('action.on', {
    application: target.application ?? environment.title,
  });
  return (
    <div className={styles.actions} role="group" aria-label={label}>
      {first && (
        <ReasonedButton
          reason={
            first.available ? undefined : first.reason ?? t('action.notNow')
          }
          onPress={() => setChosen(first.action)}
        >
          {words.name(first.action)}
        </ReasonedButton>
      )}
      {/* Buttons stand out from the column only when they know its colour. */}
      <BgProvider bg="neutral-1">
        <DialogTrigger isOpen={menuOpen} onOpenChange={setMenuOpen}>
          <Button
            size="small"
            variant="secondary"
            iconEnd={<RiArrowDownSLine aria-hidden="true" />}
            aria-label={first ? t('action.more') : label}
          >
            {first ? t('action.moreShort') : t('card.actions')}
          </Button>
          <Popover placement="bottom start" hideArrow>
            <ActionItems
              takesFocus
              label={label}
              actions={actions.filter(availability => availability !== first)}
              onChoose={action => {
                setMenuOpen(false);
                setChosen(action);
              }}
            />
          </Popover>
        </DialogTrigger>
      </BgProvider>
      {chosen && (
        <ActionDialog
          subject={{
            entityRef: deployment.entityRef,
            environment: environment.id,
            target: target.id,
            action: chosen,
          }}
          environment={environment}
          service={service}
          onClose={() => setChosen(undefined)}
        />
      )}
    </div>
  );
}
