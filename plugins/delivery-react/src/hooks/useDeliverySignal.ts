import { useEffect, useRef } from 'react';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  DELIVERY_SIGNAL_CHANNEL,
  DeliverySignal,
} from '@slipway/plugin-delivery-common';
import { createHintScheduler } from './hintScheduler';

/**
 * Whether this app has signals at all. Without them pages only poll.
 *
 * @public
 */
export function useSignalsAvailable(): boolean {
  return useApiHolder().get(signalApiRef) !== undefined;
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
