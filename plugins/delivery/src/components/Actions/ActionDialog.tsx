import { useEffect, useRef, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import {
  DeploymentAction,
  EnvironmentDescription,
} from '@slipway/plugin-delivery-common';
import {
  ActionSubject,
  useDeploymentAction,
} from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { ActionProgress } from './ActionProgress';
import { Confirmation } from './Confirmation';
import styles from './ActionDialog.module.css';

/**
 * The confirmation of an action: a dialog, and a sheet over the whole screen
 * where there is no room for one. Outside of it nothing closes it, so that a
 * stray click does not throw a reason away; Escape does.
 */
export function ActionDialog(props: {
  subject: ActionSubject;
  environment: EnvironmentDescription;
  /** What people call the service. */
  service: string;
  /**
   * Shows how the action goes on instead of closing, for pages that do not show
   * it themselves.
   */
  follow?: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { subject, environment, service, follow, onClose } = props;
  const [accepted, setAccepted] = useState<DeploymentAction | undefined>();
  return (
    <Dialog
      isOpen
      isDismissable={false}
      onOpenChange={open => {
        if (!open) {
          onClose();
        }
      }}
      width={720}
      className={styles.dialog}
    >
      <DialogHeader className={styles.header}>{title()}</DialogHeader>
      {accepted ? (
        <Followed
          action={accepted}
          environment={environment}
          onClose={onClose}
        />
      ) : (
        <Confirmation
          subject={subject}
          environment={environment}
          onAccepted={action => (follow ? setAccepted(action) : onClose())}
          onClose={onClose}
        />
      )}
    </Dialog>
  );

  function title(): string {
    const names = { service, environment: environment.title };
    switch (subject.action) {
      case 'sync':
        return t('confirm.titleSync', names);
      case 'refresh':
        return t('confirm.titleRefresh', names);
      case 'hard-refresh':
        return t('confirm.titleHardRefresh', names);
      case 'terminate':
        return t('confirm.titleTerminate', names);
      case 'revert':
        return t('confirm.titleRevert', names);
      default:
        throw new TypeError(`Unknown action ${subject.action satisfies never}`);
    }
  }
}

function Followed(props: {
  action: DeploymentAction;
  environment: EnvironmentDescription;
  onClose: () => void;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { action, error } = useDeploymentAction(props.action);
  const close = useRef<HTMLButtonElement>(null);
  // The button that was pressed is gone; the next step takes the focus.
  useEffect(() => close.current?.focus(), []);
  return (
    <>
      <DialogBody className={styles.body}>
        <ActionProgress
          action={action}
          environment={props.environment.title}
          announced
        />
        {error && <p className={styles.quiet}>{t('action.notFollowed')}</p>}
        {action.phase === 'running' && (
          <p className={styles.quiet}>{t('action.goesOn')}</p>
        )}
      </DialogBody>
      <DialogFooter className={styles.footer}>
        <Button
          ref={close}
          size="medium"
          variant="secondary"
          onPress={props.onClose}
        >
          {t('confirm.close')}
        </Button>
      </DialogFooter>
    </>
  );
}
