import { ReactNode } from 'react';
import { act, renderHook, waitFor } from '@testing-library/react';
import { TestApiProvider } from '@backstage/frontend-test-utils';
import { SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import {
  DeliverySignal,
  FleetPage,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import { DeliveryApi, deliveryApiRef } from '../api';
import {
  POLL_INTERVAL_MS,
  SETTLING_INTERVAL_MS,
  SETTLING_READS,
} from './queryClient';
import { useSignalsAvailable } from './useDeliverySignal';
import { useFleet } from './useFleet';
import { SIGNAL_GRACE_MS } from '../domain/signalWitness';
import {
  concernsService,
  useServiceDeployments,
} from './useServiceDeployments';

const REF = 'component:default/checkout';

function service(version: number): ServiceDeployments {
  return {
    version,
    entityRef: REF,
    chain: { id: 'n9', title: 'N9' },
    environments: [],
    headline: `Version ${version}`,
    upstreams: [
      {
        id: 'argocd:n9',
        title: 'Argo CD n9',
        kind: 'argocd',
        state: 'live',
        since: '2026-11-22T14:00:00Z',
      },
    ],
  };
}

function fleet(offset: number, services: number): FleetPage {
  return {
    version: 1,
    chains: [],
    groups: [{ key: 'a', title: 'A', services, attention: 0 }],
    rows: Array.from(
      { length: Math.min(100, services - offset) },
      (_, index) => ({
        entityRef: `component:default/s${offset + index}`,
        title: `s${offset + index}`,
        chain: 'n9',
        group: 'a',
        cells: {},
      }),
    ),
    offset,
    totals: { services, attention: 0, all: services, unmatchedApplications: 0 },
    upstreams: [],
  };
}

function setUp(api: Partial<DeliveryApi>) {
  const listeners = new Set<(message: never) => void>();
  const signals: SignalApi = {
    subscribe(_channel, onMessage) {
      listeners.add(onMessage);
      return { unsubscribe: () => listeners.delete(onMessage) };
    },
  };
  const wrapper = (props: { children: ReactNode }) => (
    <TestApiProvider
      apis={[
        [deliveryApiRef, api as DeliveryApi],
        [signalApiRef, signals],
      ]}
    >
      {props.children}
    </TestApiProvider>
  );
  const send = (signal: Partial<DeliverySignal>) =>
    act(() =>
      listeners.forEach(listener =>
        listener({
          version: 1,
          entityRefs: [],
          upstreams: [],
          ...signal,
        } as never),
      ),
    );
  return { wrapper, send, listeners };
}

describe('useServiceDeployments', () => {
  it('reads at least the version of a signal about its service', async () => {
    const getDeployments = jest.fn(async (_ref, options) =>
      service(options?.atLeast ?? 1),
    );
    const { wrapper, send } = setUp({ getDeployments });
    const { result } = renderHook(() => useServiceDeployments(REF), {
      wrapper,
    });
    await waitFor(() => expect(result.current.data?.version).toBe(1));

    send({ version: 9, entityRefs: [REF] });
    await waitFor(() => expect(result.current.data?.version).toBe(9));
    expect(getDeployments).toHaveBeenCalledTimes(2);
  });

  it('reads again soon after opening, when signals may still be lost, and then rarely', async () => {
    jest.useFakeTimers();
    try {
      const getDeployments = jest.fn(async () => service(1));
      const { wrapper } = setUp({ getDeployments });
      renderHook(() => useServiceDeployments(REF), { wrapper });
      const after = async (milliseconds: number) => {
        await act(() => jest.advanceTimersByTimeAsync(milliseconds));
        return getDeployments.mock.calls.length;
      };
      expect(await after(0)).toBe(1);
      expect(await after(SETTLING_INTERVAL_MS + 100)).toBe(2);
      expect(await after(2 * SETTLING_INTERVAL_MS)).toBe(SETTLING_READS);
      expect(await after(POLL_INTERVAL_MS / 2)).toBe(SETTLING_READS);
      expect(await after(POLL_INTERVAL_MS)).toBe(SETTLING_READS + 1);
    } finally {
      jest.useRealTimers();
    }
  });

  it('waits for that version once, not at every later poll', async () => {
    const getDeployments = jest.fn(async (_ref, options) =>
      service(options?.atLeast ?? 1),
    );
    const { wrapper, send } = setUp({ getDeployments });
    const { result } = renderHook(() => useServiceDeployments(REF), {
      wrapper,
    });
    await waitFor(() => expect(result.current.data).toBeDefined());
    send({ version: 9, entityRefs: 'many' });
    await waitFor(() => expect(result.current.data?.version).toBe(9));
    act(() => result.current.refetch());
    await waitFor(() => expect(getDeployments).toHaveBeenCalledTimes(3));
    expect(getDeployments.mock.calls[2][1]).toMatchObject({
      atLeast: undefined,
    });
  });

  it('misses none of many signals in one render', async () => {
    const getDeployments = jest.fn(async (_ref, options) =>
      service(options?.atLeast ?? 1),
    );
    const { wrapper, listeners } = setUp({ getDeployments });
    const { result } = renderHook(() => useServiceDeployments(REF), {
      wrapper,
    });
    await waitFor(() => expect(result.current.data).toBeDefined());
    act(() => {
      for (let version = 2; version < 22; version++) {
        const entityRefs = [version === 5 ? REF : 'component:default/other'];
        listeners.forEach(listener =>
          listener({ version, entityRefs, upstreams: [] } as never),
        );
      }
    });
    await waitFor(() => expect(result.current.data?.version).toBe(5));
    expect(getDeployments).toHaveBeenCalledTimes(2);
  });

  it('reads again when the window gets the focus, without any provider', async () => {
    const getDeployments = jest.fn(async () => service(1));
    const { wrapper } = setUp({ getDeployments });
    const { result } = renderHook(() => useServiceDeployments(REF), {
      wrapper,
    });
    await waitFor(() => expect(result.current.data).toBeDefined());
    act(() => {
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    });
    await waitFor(() => expect(getDeployments).toHaveBeenCalledTimes(2));
  });

  it('keeps what it knows when a later request fails, and says so', async () => {
    const getDeployments = jest.fn<Promise<ServiceDeployments>, []>();
    getDeployments.mockResolvedValueOnce(service(1));
    getDeployments.mockRejectedValue(new TypeError('Failed to fetch'));
    const { wrapper } = setUp({ getDeployments });
    const { result } = renderHook(() => useServiceDeployments(REF), {
      wrapper,
    });
    await waitFor(() => expect(result.current.data).toBeDefined());
    act(() => result.current.refetch());
    await waitFor(() => expect(result.current.error).toBeDefined(), {
      timeout: 3_000,
    });
    expect(result.current.data?.headline).toBe('Version 1');
    expect(result.current.readAt).toBeGreaterThan(0);
  });

  it('does not ask again when the backend refused for good', async () => {
    const getDeployments = jest.fn(async () => {
      throw Object.assign(new Error('no'), {
        body: { error: { code: 'delivery.read-not-allowed' } },
      });
    });
    const { wrapper } = setUp({ getDeployments });
    const { result } = renderHook(() => useServiceDeployments(REF), {
      wrapper,
    });
    await waitFor(() => expect(result.current.error).toBeDefined());
    expect(getDeployments).toHaveBeenCalledTimes(1);
  });
});

describe('concernsService', () => {
  const signal = { version: 1, entityRefs: [], upstreams: [] };

  it('is concerned by the loss of an upstream that it shows', () => {
    expect(
      concernsService({ ...signal, upstreams: ['argocd:n9'] }, REF, service(1)),
    ).toBe(true);
    expect(
      concernsService({ ...signal, upstreams: ['argocd:x'] }, REF, service(1)),
    ).toBe(false);
  });

  it('is not concerned by other services', () => {
    expect(
      concernsService(
        { ...signal, entityRefs: ['component:default/other'] },
        REF,
        service(1),
      ),
    ).toBe(false);
  });
});

describe('useFleet', () => {
  it('reads only the chunks that are on screen, and places their rows', async () => {
    const getFleet = jest.fn(async query => fleet(query.offset ?? 0, 5_000));
    const { wrapper } = setUp({ getFleet });
    const { result } = renderHook(
      () => useFleet({ query: {}, first: 2_390, last: 2_410 }),
      { wrapper },
    );
    await waitFor(() => expect(result.current.rowAt(2_410)).toBeDefined());
    expect(result.current.rowAt(2_390)?.title).toBe('s2390');
    expect(result.current.rowAt(2_410)?.title).toBe('s2410');
    expect(result.current.rowAt(0)).toBeUndefined();
    expect(getFleet.mock.calls.map(([query]) => query.offset)).toEqual([
      2_300, 2_400,
    ]);
  });

  it('keeps showing the last answer until another query is answered', async () => {
    let answer = (_: FleetPage) => {};
    const getFleet = jest.fn(query =>
      query.text
        ? new Promise<FleetPage>(resolve => (answer = resolve))
        : Promise.resolve(fleet(0, 3)),
    );
    const { wrapper } = setUp({ getFleet });
    const { result, rerender } = renderHook(
      (props: { text?: string }) => useFleet({ query: props }),
      { wrapper, initialProps: {} },
    );
    await waitFor(() => expect(result.current.summary).toBeDefined());
    rerender({ text: 'pay' });
    expect(result.current.outdated).toBe(true);
    expect(result.current.summary?.totals.services).toBe(3);
    await act(async () => answer(fleet(0, 1)));
    await waitFor(() => expect(result.current.outdated).toBe(false));
    expect(result.current.summary?.totals.services).toBe(1);
  });

  it('refetches at least the version of any signal, because counts change too', async () => {
    const getFleet = jest.fn(async () => fleet(0, 3));
    const { wrapper, send } = setUp({ getFleet });
    const { result } = renderHook(() => useFleet({ query: {} }), { wrapper });
    await waitFor(() => expect(result.current.summary).toBeDefined());
    send({ version: 12, entityRefs: ['component:default/elsewhere'] });
    await waitFor(() =>
      expect(getFleet).toHaveBeenLastCalledWith(
        expect.objectContaining({ atLeast: 12 }),
        expect.anything(),
      ),
    );
  });
});

describe('useSignalsAvailable', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('stops believing in signals when a read shows what none of them said', async () => {
    let answer = serving(1, '1.0.0');
    const { wrapper, send } = setUp({ getFleet: async () => answer });
    const { result } = renderHook(
      () => ({
        fleet: useFleet({ query: {} }),
        signals: useSignalsAvailable(),
      }),
      { wrapper },
    );
    await act(() => jest.advanceTimersByTimeAsync(0));
    expect(result.current.fleet.summary?.version).toBe(1);
    expect(result.current.signals).toBe(true);

    answer = serving(2, '2.0.0');
    await act(async () => {
      result.current.fleet.refetch();
      await jest.advanceTimersByTimeAsync(0);
    });
    expect(result.current.fleet.summary?.version).toBe(2);
    expect(result.current.signals).toBe(true);
    await act(() => jest.advanceTimersByTimeAsync(SIGNAL_GRACE_MS));
    expect(result.current.signals).toBe(false);

    send({ version: 3 });
    expect(result.current.signals).toBe(true);
  });

  it('is not confused by changes that a signal spoke of', async () => {
    let answer = serving(1, '1.0.0');
    const { wrapper, send } = setUp({ getFleet: async () => answer });
    const { result } = renderHook(
      () => ({
        fleet: useFleet({ query: {} }),
        signals: useSignalsAvailable(),
      }),
      { wrapper },
    );
    await act(() => jest.advanceTimersByTimeAsync(0));

    answer = serving(2, '2.0.0');
    send({ version: 2, entityRefs: ['component:default/s0'] });
    await act(() => jest.advanceTimersByTimeAsync(SIGNAL_GRACE_MS + 1_000));
    expect(result.current.fleet.summary?.version).toBe(2);
    expect(result.current.signals).toBe(true);
  });

  function serving(version: number, label: string): FleetPage {
    const page = fleet(0, 1);
    return {
      ...page,
      version,
      rows: page.rows.map(row => ({
        ...row,
        cells: {
          staging: {
            status: 'healthy',
            serving: { label },
            observation: { source: 'argocd:n9', state: 'fresh' },
            bound: true,
            targets: 1,
          },
        },
      })),
    };
  }
});
