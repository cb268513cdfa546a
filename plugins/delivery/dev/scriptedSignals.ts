import { DeliverySignal } from '@slipway/plugin-delivery-common';
import { SignalApi } from '@backstage/plugin-signals-react';

/** Signals that the harness sends to itself. */
export function createScriptedSignals(): {
  api: SignalApi;
  send: (signal: DeliverySignal) => void;
} {
  const listeners = new Set<(message: never) => void>();
  return {
    api: {
      subscribe(_channel, onMessage) {
        listeners.add(onMessage);
        return { unsubscribe: () => listeners.delete(onMessage) };
      },
    },
    // The only subscribers here are those of this one message.
    send: signal => listeners.forEach(listener => listener(signal as never)),
  };
}
