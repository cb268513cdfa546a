import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import {
  DELIVERY_SIGNAL_CHANNEL,
  DeliverySignal,
  FleetPage,
} from '@slipway/plugin-delivery-common';
import { servesAnother } from '../domain/servesAnother';
import { createSignalWitness, SignalWitness } from '../domain/signalWitness';
import { createHintScheduler } from './hintScheduler';

// One witness a socket: what one page learns of it is true for all of them.
const witnesses = new WeakMap<SignalApi, SignalWitness>();

function witnessOf(signals: SignalApi): SignalWitness {
  const existing = witnesses.get(signals);
  if (existing) {
    return existing;
  }
  const witness = createSignalWitness();
  witnesses.set(signals, witness);
  return witness;
}

/**
 * Whether signals reach this app: it has them at all, and none is known to have
 * been lost since the last one came. Without them pages only poll.
 *
 * @public
 */
export function useSignalsAvailable(): boolean {
  const signals = useApiHolder().get(signalApiRef);
  const silent = useSyncExternalStore(
    listener => (signals ? witnessOf(signals).subscribe(listener) : () => {}),
    () => signals !== undefined && witnessOf(signals).silent(),
  );
  return signals !== undefined && !silent;
}

/**
 * Shows the witness of the signals what was read, so that a change that comes
 * without a signal does not go unnoticed.
 *
 * @param page - the newest answer, absent while there is none
 * @param asked - what it answers; answers to different questions tell nothing
 */
export function useSignalWitness(
  page: FleetPage | undefined,
  asked: string,
): void {
  const signals = useApiHolder().get(signalApiRef);
  const before = useRef<{ page: FleetPage; asked: string } | undefined>(
    undefined,
  );
  useEffect(() => {
    const last = before.current;
    before.current = page && { page, asked };
    if (
      signals &&
      page &&
      last?.asked === asked &&
      servesAnother(last.page, page)
    ) {
      witnessOf(signals).changed(last.page.version, page.version);
    }
  }, [signals, page, asked]);
}

/**
 * Refetches when a signal says that something of interest changed.
 *
 * It subscribes by itself instead of using `useSignal`, which keeps only the
 * last signal of a render: of twenty at once some are never seen, and one of
 * those may be the only one about this entity.
 *
 * @param options.concerns - whether a signal is of interest
 * @param options.refetch - reads at least this version; must not reject
 */
export function useDeliverySignal(options: {
  concerns: (signal: DeliverySignal) => boolean;
  refetch: (atLeast: number) => Promise<unknown>;
}): void {
  const signals = useApiHolder().get(signalApiRef);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  useEffect(() => {
    if (!signals) {
      return undefined;
    }
    const scheduler = createHintScheduler({
      refetch: atLeast => latest.current.refetch(atLeast),
    });
    const subscription = signals.subscribe<DeliverySignal>(
      DELIVERY_SIGNAL_CHANNEL,
      signal => {
        witnessOf(signals).heard(signal.version);
        if (latest.current.concerns(signal)) {
          scheduler.hint(signal.version);
        }
      },
    );
    return () => {
      subscription.unsubscribe();
      scheduler.dispose();
    };
  }, [signals]);
}
