import { useCallback, useEffect, useRef, useState } from 'react';
import {
  identityApiRef,
  useApi,
  useApiHolder,
} from '@backstage/frontend-plugin-api';
import {
  ActionRequest,
  DeploymentAction,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import { ActionSubject, deliveryApiRef } from '../api';
import {
  arrivedAction,
  latestActionIds,
  withLatestAction,
} from '../domain/arrivedAction';
import { idempotencyKey } from '../domain/idempotencyKey';
import { requestUntilKnown } from '../domain/requestUntilKnown';
import { queryClientFor } from './queryClient';

/**
 * How long an answer may take. Taking an action on is a matter of one or two
 * requests to the upstream; what takes longer than this does not come.
 */
export const ANSWER_WITHIN_MS = 20_000;

/**
 * What a person confirms: the request without its key, which the hook makes.
 *
 * @public
 */
export type ConfirmedRequest = Pick<
  ActionRequest,
  'seen' | 'reason' | 'options'
>;

/**
 * How a request stands.
 *
 * - `idle`: nothing was asked for yet.
 * - `sending`: it is on its way.
 * - `looking`: the connection was lost; it is being found out whether it arrived.
 * - `accepted`: it was taken on, as this action.
 * - `refused`: it was answered, and nothing was done.
 * - `not-known`: nobody can say whether it arrived. Only `askAgain` is safe: it
 *   sends the same key.
 *
 * @public
 */
export type RequestState =
  | { phase: 'idle' | 'sending' | 'looking' }
  | { phase: 'accepted'; action: DeploymentAction }
  | { phase: 'refused' | 'not-known'; error: Error };

/**
 * What {@link useRequestAction} gives.
 *
 * @public
 */
export type ActionRequester = {
  state: RequestState;
  /**
   * Asks for the action, as one confirmation with a key of its own. Does nothing
   * while one is on its way or its fate is not known, so that a double click is
   * one request.
   */
  request: (confirmed: ConfirmedRequest) => void;
  /** Sends the last confirmation again, with its own key. */
  askAgain: () => void;
  /** Forgets a refusal or an accepted request, for another confirmation. */
  reset: () => void;
};

/**
 * Asks for an action and finds out what became of the request, even when the
 * connection is lost on the way.
 *
 * @public
 */
export function useRequestAction(subject: ActionSubject): ActionRequester {
  const api = useApi(deliveryApiRef);
  const identity = useApiHolder().get(identityApiRef);
  const [state, setState] = useState<RequestState>({ phase: 'idle' });
  // State is seen only by the next render, and a double click is faster.
  const busy = useRef(false);
  const last = useRef<
    | { confirmed: ConfirmedRequest; key: string; before: ReadonlySet<string> }
    | undefined
  >(undefined);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);

  const { entityRef, environment, action, target } = subject;
  const send = useCallback(async () => {
    const confirmation = last.current;
    if (!confirmation || busy.current) {
      return;
    }
    busy.current = true;
    const { confirmed, key, before } = confirmation;
    const tell = (next: RequestState) => shown.current && setState(next);
    tell({ phase: 'sending' });

    const result = await requestUntilKnown({
      send: () =>
        answerInTime(signal =>
          api.requestAction(
            { entityRef, environment, action, target },
            { ...confirmed, idempotencyKey: key },
            { signal },
          ),
        ),
      look: async () => {
        const [service, requestedBy] = await Promise.all([
          answerInTime(signal => api.getDeployments(entityRef, { signal })),
          identity
            ?.getBackstageIdentity()
            .then(({ userEntityRef }) => userEntityRef)
            .catch(() => undefined),
        ]);
        const { reason } = confirmed;
        return arrivedAction(service, {
          environment,
          target,
          action,
          reason,
          requestedBy,
          before,
        });
      },
      wait: ms => new Promise(resolve => setTimeout(resolve, ms)),
      onLost: () => tell({ phase: 'looking' }),
    });

    if (result.outcome === 'accepted') {
      const client = queryClientFor(api);
      const queryKey = ['deployments', entityRef];
      client.setQueryData<ServiceDeployments>(
        queryKey,
        service => service && withLatestAction(service, result.action),
      );
      client.invalidateQueries({ queryKey });
      client.invalidateQueries({ queryKey: ['activity'] });
      tell({ phase: 'accepted', action: result.action });
    } else {
      tell({ phase: result.outcome, error: result.error });
    }
    busy.current = false;
  }, [api, identity, entityRef, environment, action, target]);

  const request = useCallback(
    (confirmed: ConfirmedRequest) => {
      if (busy.current || unresolved(state)) {
        return;
      }
      last.current = {
        confirmed,
        key: idempotencyKey(),
        before: latestActionIds(
          queryClientFor(api).getQueryData<ServiceDeployments>([
            'deployments',
            entityRef,
          ]),
        ),
      };
      send();
    },
    [api, entityRef, send, state],
  );

  return {
    state,
    request,
    askAgain: useCallback(() => {
      send();
    }, [send]),
    reset: useCallback(() => {
      if (!busy.current) {
        setState({ phase: 'idle' });
      }
    }, []),
  };
}

/** A new key now could do twice what was asked for once. */
function unresolved({ phase }: RequestState): boolean {
  return phase === 'not-known' || phase === 'looking' || phase === 'sending';
}

async function answerInTime<T>(
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ANSWER_WITHIN_MS);
  try {
    return await ask(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
