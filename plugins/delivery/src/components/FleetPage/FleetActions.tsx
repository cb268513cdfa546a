import { useEffect, useMemo, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, Popover, Skeleton } from '@backstage/ui';
import {
  Deployment,
  DeploymentActionKind,
  EnvironmentDescription,
  FleetRow,
} from '@slipway/plugin-delivery-common';
import {
  StatusBadge,
  useServiceDeployments,
} from '@slipway/plugin-delivery-react';
import { deliveryTranslationRef } from '../../translation';
import { ActionDialog } from '../Actions/ActionDialog';
import { ActionItems } from '../Actions/ActionItems';
import { ActionProgress } from '../Actions/ActionProgress';
import { ErrorState } from '../shared/ErrorState';
import { useDeploymentsTabLink } from '../shared/useDeploymentsTabLink';
import styles from './FleetActions.module.css';

/** The cell whose actions are asked for. */
export type ActionsSubject = {
  row: FleetRow;
  environment: EnvironmentDescription;
  /** The cell on screen: what opens stands beside it, and gives the focus back. */
  cell: HTMLElement;
};

/**
 * What can be done with a service in one environment, beside its cell in the
 * fleet. What is possible is read only now: the fleet does not carry it.
 */
export function FleetActions(props: {
  subject: ActionsSubject;
  onClose: () => void;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { subject, onClose } = props;
  const { row, environment, cell } = subject;
  const [chosen, setChosen] = useState<
    { deployment: Deployment; action: DeploymentActionKind } | undefined
  >();
  const anchor = useMemo(() => ({ current: cell }), [cell]);
  const label = t('card.actionsOf', {
    service: row.title,
    environment: environment.title,
  });

  useEffect(
    () => () => {
      // What had the focus is gone by then, and with it the way back.
      setTimeout(() => {
        const { activeElement } = document;
        if (activeElement === document.body || activeElement === null) {
          cell.focus({ preventScroll: true });
        }
      }, 0);
    },
    [cell],
  );

  if (chosen) {
    return (
      <ActionDialog
        follow
        subject={{
          entityRef: row.entityRef,
          environment: environment.id,
          target: chosen.deployment.target.id,
          action: chosen.action,
        }}
        environment={environment}
        service={row.title}
        onClose={onClose}
      />
    );
  }
  return (
    <Popover
      isOpen
      triggerRef={anchor}
      placement="bottom start"
      hideArrow
      aria-label={label}
      onOpenChange={open => {
        if (!open) {
          onClose();
        }
      }}
    >
      <div className={styles.actions}>
        <p className={styles.heading}>
          {t('card.heading', {
            service: row.title,
            environment: environment.title,
          })}
        </p>
        <Targets
          entityRef={row.entityRef}
          environment={environment}
          label={label}
          onChoose={setChosen}
        />
      </div>
    </Popover>
  );
}

function Targets(props: {
  entityRef: string;
  environment: EnvironmentDescription;
  label: string;
  onChoose: (chosen: {
    deployment: Deployment;
    action: DeploymentActionKind;
  }) => void;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const tabLink = useDeploymentsTabLink();
  const { entityRef, environment, label, onChoose } = props;
  const { data, error, refetch } = useServiceDeployments(entityRef);
  const deployments = data?.environments.find(
    entry => entry.environment.id === environment.id,
  )?.deployments;

  if (!data) {
    return error ? (
      <ErrorState error={error} onRetry={refetch} />
    ) : (
      <div className={styles.reading}>
        <p role="status">{t('card.reading')}</p>
        <Skeleton width="60%" height="1rem" />
        <Skeleton width="75%" height="1rem" />
        <Skeleton width="50%" height="1rem" />
      </div>
    );
  }
  return (
    <>
      {deployments?.length === 0 && <p>{t('tab.notHere')}</p>}
      {deployments?.map((deployment, index) => (
        <section key={deployment.target.id} className={styles.target}>
          {deployments.length > 1 && (
            <h3 className={styles.name}>
              <StatusBadge
                glyphOnly
                status={deployment.assessment.status}
                observation={deployment.observation}
                bound={deployment.binding.state === 'bound'}
              />
              {deployment.target.region ??
                deployment.target.application ??
                t('tab.unbound')}
            </h3>
          )}
          {deployment.latestAction?.phase === 'running' && (
            <ActionProgress
              action={deployment.latestAction}
              environment={environment.title}
            />
          )}
          <ActionItems
            takesFocus={index === 0}
            label={label}
            actions={deployment.actions ?? []}
            onChoose={action => onChoose({ deployment, action })}
          />
        </section>
      ))}
      <Link href={tabLink(entityRef)}>{t('card.openTab')}</Link>
    </>
  );
}
