import { useEffect, useRef, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, DialogBody, DialogFooter } from '@backstage/ui';
import {
  ActionPlan,
  DELIVERY_ERROR_CODES,
  DeliveryErrorCode,
  DeploymentAction,
  EnvironmentDescription,
  SyncOptions,
} from '@slipway/plugin-delivery-common';
import {
  ActionRequester,
  ActionSubject,
  deliveryErrorCode,
  useActionPlan,
  useRequestAction,
} from '@slipway/plugin-delivery-react';
import { PlanDifference, planDifferences } from '../../domain/planDifferences';
import { reasonProblem, tidyReason } from '../../domain/reason';
import { deliveryTranslationRef } from '../../translation';
import { DryRunResult } from './DryRunResult';
import { PlanChanged } from './PlanChanged';
import { PlanError, PlanSkeleton } from './PlanStates';
import { PlanView } from './PlanView';
import { ReasonField } from './ReasonField';
import { ReasonedButton } from './ReasonedButton';
import { RequestNotice } from './RequestNotice';
import { SyncOptionsFields } from './SyncOptionsFields';
import { useConfirmWords } from './useConfirmWords';
import { Whereabouts } from './Whereabouts';
import styles from './ActionDialog.module.css';

/** Refusals that mean that the plan no longer says what would happen. */
const OUTDATED: ReadonlySet<DeliveryErrorCode | undefined> = new Set([
  DELIVERY_ERROR_CODES.stateChanged,
  DELIVERY_ERROR_CODES.operationInProgress,
  DELIVERY_ERROR_CODES.noOperation,
  DELIVERY_ERROR_CODES.syncWindowClosed,
  DELIVERY_ERROR_CODES.nothingToRevert,
  DELIVERY_ERROR_CODES.revertConflict,
  DELIVERY_ERROR_CODES.unbound,
]);

/**
 * What will happen where, why the person wants it, and the button that asks for
 * it. The plan stays as it was read: when the world has moved on meanwhile, the
 * request is refused, the new plan is shown with what is different, and the
 * reason is kept.
 */
export function Confirmation(props: {
  subject: ActionSubject;
  environment: EnvironmentDescription;
  onAccepted: (action: DeploymentAction) => void;
  onClose: () => void;
}) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = useConfirmWords();
  const { subject, environment, onClose } = props;
  const { plan, error, loading, refetch } = useActionPlan(subject);
  const real = useRequestAction(subject);
  const dry = useRequestAction(subject);
  const [reason, setReason] = useState('');
  const [options, setOptions] = useState<SyncOptions>({});
  const [complain, setComplain] = useState(false);
  const [dryRunOptions, setDryRunOptions] = useState<SyncOptions>({});
  const [dryRunOver, setDryRunOver] = useState(true);
  const reasonRef = useRef<HTMLDivElement>(null);
  const differences = useDifferences(plan);

  useAccepted(real.state, props.onAccepted);
  const outdated = useOutdated([real, dry], refetch);

  const isSync = subject.action === 'sync';
  const waiting =
    real.state.phase === 'sending' || real.state.phase === 'looking';
  // A key of its own now could do twice what was asked for once.
  const locked = waiting || real.state.phase === 'not-known';

  const dryRunning =
    dry.state.phase === 'sending' ||
    dry.state.phase === 'looking' ||
    (dry.state.phase === 'accepted' && !dryRunOver);

  function ask(dryRun: boolean) {
    if (!plan || locked || loading || dryRunning) {
      return;
    }
    if (reasonProblem(reason)) {
      setComplain(true);
      const field = reasonRef.current;
      field?.querySelector('textarea')?.focus();
      field?.scrollIntoView?.({ block: 'center' });
      return;
    }
    const confirmed = { seen: plan.seen, reason: tidyReason(reason) };
    if (dryRun) {
      setDryRunOptions(options);
      setDryRunOver(false);
      dry.request({ ...confirmed, options: { ...options, dryRun: true } });
    } else {
      real.request({ ...confirmed, ...(isSync && { options }) });
    }
  }

  return (
    <>
      <DialogBody className={styles.body}>
        <Whereabouts environment={environment} target={plan?.target} />
        {!plan && loading && <PlanSkeleton />}
        {error && !loading && <PlanError error={error} onRetry={refetch} />}
        {plan && (
          <>
            <PlanChanged differences={differences} expected={outdated} />
            <PlanView plan={plan} options={options} />
            {!plan.blocked && fields(plan)}
          </>
        )}
      </DialogBody>
      {/* Beside the button that was pressed, wherever the rest is scrolled to. */}
      <div className={styles.notices}>
        <RequestNotice requester={dry} hidden={plan?.blocked !== undefined} />
        <RequestNotice requester={real} hidden={plan?.blocked !== undefined} />
      </div>
      <DialogFooter className={styles.footer}>
        <Button size="medium" variant="secondary" onPress={onClose}>
          {plan?.blocked ? t('confirm.close') : t('confirm.cancel')}
        </Button>
        {plan?.blocked && (
          <Button
            size="medium"
            variant="primary"
            isPending={loading}
            onPress={refetch}
          >
            {t('confirm.again')}
          </Button>
        )}
        {plan && !plan.blocked && buttons()}
      </DialogFooter>
    </>
  );

  function fields(shown: ActionPlan) {
    return (
      <>
        {isSync && (
          <SyncOptionsFields
            options={options}
            onChange={setOptions}
            disabled={locked}
          />
        )}
        {dry.state.phase === 'accepted' && (
          <DryRunResult
            key={dry.state.action.id}
            action={dry.state.action}
            environment={environment.title}
            outdated={dryRunOptions !== options}
            onOver={() => {
              setDryRunOver(true);
              // What a dry run saw is newer than the plan.
              refetch();
            }}
          />
        )}
        <ReasonField
          ref={reasonRef}
          value={reason}
          onChange={setReason}
          help={
            shown.revert
              ? t('confirm.reasonRevertHelp')
              : t('confirm.reasonHelp')
          }
          complain={complain}
          disabled={locked}
        />
      </>
    );
  }

  // Words instead of a spinner: they say what is being waited for.
  function confirmLabel(): string {
    if (waiting) {
      return t('confirm.sending');
    }
    return loading
      ? t('confirm.lookingAgain')
      : words.confirm(subject.action, options, environment.title);
  }

  function buttons() {
    if (real.state.phase === 'not-known') {
      return (
        <Button size="medium" variant="primary" onPress={real.askAgain}>
          {t('confirm.askAgain')}
        </Button>
      );
    }
    return (
      <>
        {isSync && (
          <Button size="medium" variant="secondary" onPress={() => ask(true)}>
            {dryRunning ? t('confirm.dryRunning') : t('action.dryRun')}
          </Button>
        )}
        <ReasonedButton
          size="medium"
          variant="primary"
          destructive={words.destructive(subject.action, options)}
          reason={dryRunning ? t('confirm.dryRunWait') : undefined}
          onPress={() => ask(false)}
        >
          {confirmLabel()}
        </ReasonedButton>
      </>
    );
  }
}

/** What the newest plan says differently from the one before it. */
function useDifferences(
  plan: ActionPlan | undefined,
): PlanDifference[] | undefined {
  const [shown, setShown] = useState<{
    plan?: ActionPlan;
    differences?: PlanDifference[];
  }>({});
  if (plan && plan !== shown.plan) {
    const { plan: before } = shown;
    const same = before === undefined || before.seen === plan.seen;
    setShown({
      plan,
      // Read again, and nothing had changed: what was pointed out stays.
      differences: same ? shown.differences : planDifferences(before, plan),
    });
  }
  return shown.differences;
}

/** Tells once that the action was taken on. */
function useAccepted(
  state: ActionRequester['state'],
  onAccepted: (action: DeploymentAction) => void,
): void {
  const tell = useRef(onAccepted);
  useEffect(() => {
    tell.current = onAccepted;
  });
  const action = state.phase === 'accepted' ? state.action : undefined;
  useEffect(() => {
    if (action) {
      tell.current(action);
    }
  }, [action]);
}

/**
 * Reads the plan again when a request was refused because of the state of the
 * world: what the person has in front of them is no longer true.
 *
 * @returns whether a request was ever refused because the state had changed
 */
function useOutdated(
  requesters: ActionRequester[],
  refetch: () => void,
): boolean {
  const [changed, setChanged] = useState(false);
  const refused = requesters
    .map(({ state }) => (state.phase === 'refused' ? state.error : undefined))
    .find(error => OUTDATED.has(deliveryErrorCode(error)));
  useEffect(() => {
    if (refused) {
      setChanged(true);
      refetch();
    }
  }, [refused, refetch]);
  return changed;
}
