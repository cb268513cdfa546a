/**
 * Event to DOM: how long a change takes from the event that leaves Argo CD to
 * the text of a cell in an open page, through everything in between.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { JSHandle, Page } from '@playwright/test';
import { fleetOf } from '../packages/app/e2e-tests/support/fleet';
import { Portal, startPortal } from '../packages/app/e2e-tests/support/portal';
import {
  ApplicationEvent,
  followArgoCd,
  preciseNow,
} from './support/argocdStream';
import { launchChromium, openFleet } from './support/browser';
import { progress, publish } from './support/report';
import { runBenchmark } from './support/run';
import { distributionOf, round } from './support/statistics';

const CHANGES = 100;

/** Changes before the first one that counts, to warm up and to see a signal. */
const WARM_UP = 5;

/** What takes longer than this has failed. */
const LIMIT_MS = 30_000;

/** Services that are changed in turn, by name and by what the page calls them. */
const SERVICES = [
  ['checkout', 'Checkout'],
  ['order', 'Order'],
  ['payment', 'Payment'],
  ['catalog', 'Catalog'],
  ['customer', 'Customer'],
  ['search', 'Search'],
  ['cart', 'Cart'],
  ['shipping', 'Shipping'],
  ['review', 'Review'],
  ['inventory', 'Inventory'],
] as const;

/** Of a change: when its event left Argo CD, and how long it then took. */
type Change = {
  service: string;
  /** From the push to the event: the sandbox's own time. */
  toEventMs: number;
  toDomMs: number;
};

/**
 * Waits in the page until a cell holds a text, and tells when it did. The page
 * itself looks and stamps, for the way to this process takes time, too.
 */
async function watchCell(options: {
  page: Page;
  service: string;
  environment: string;
  text: string;
}): Promise<JSHandle<{ seenAt: Promise<number> }>> {
  const { page, service, environment, text } = options;
  const cell = await fleetOf(page).cell(service, environment);
  return cell.evaluateHandle((element, wanted) => {
    const seenAt = new Promise<number>(resolve => {
      const look = () => {
        if (element.textContent?.includes(wanted)) {
          observer.disconnect();
          resolve(performance.timeOrigin + performance.now());
        }
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
      look();
    });
    return { seenAt };
  }, text);
}

/** Fails when something takes too long, saying what. */
async function within<T>(work: Promise<T>, what: string): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      work,
      wait(LIMIT_MS, undefined, { signal: timer.signal }).then(() => {
        throw new Error(`${what} took longer than ${LIMIT_MS / 1000} s`);
      }),
    ]);
  } finally {
    timer.abort();
  }
}

/** Lets what is waiting for an event of Argo CD have it. */
class Events {
  readonly #waiting = new Set<(event: ApplicationEvent) => void>();

  received(event: ApplicationEvent): void {
    for (const waiting of this.#waiting) {
      waiting(event);
    }
  }

  /**
   * The first event that tells of this commit, whatever order the answer to the
   * push and the event come in: `revision` may be known later than the event.
   */
  listen(name: string) {
    const seen = new Map<string, number>();
    let wake: (() => void) | undefined;
    const onEvent = (event: ApplicationEvent) => {
      if (event.name === name && event.revision && !seen.has(event.revision)) {
        seen.set(event.revision, event.arrivedAt);
        wake?.();
      }
    };
    this.#waiting.add(onEvent);
    return {
      arrivalOf: async (revisionStart: string): Promise<number> => {
        for (;;) {
          for (const [revision, arrivedAt] of seen) {
            if (revision.startsWith(revisionStart)) {
              return arrivedAt;
            }
          }
          await new Promise<void>(resolve => {
            wake = resolve;
          });
        }
      },
      stop: () => this.#waiting.delete(onEvent),
    };
  }
}

async function makeChange(options: {
  portal: Portal;
  page: Page;
  events: Events;
  number: number;
}): Promise<Change> {
  const { portal, page, events, number } = options;
  const [service, title] = SERVICES[number % SERVICES.length];
  const tag = `v9.${Math.floor(number / SERVICES.length)}.${number}`;
  const watch = await watchCell({
    page,
    service: title,
    environment: 'Development',
    text: tag,
  });
  const heard = events.listen(`${service}-dev`);
  try {
    const pushedAt = preciseNow();
    const { message } = (await portal.scenario('new-commit', {
      service,
      environment: 'development',
      tag,
    })) as { message: string };
    const commit = /\(commit ([0-9a-f]+)\)/.exec(message)?.[1];
    if (!commit) {
      throw new Error(`There is no commit in '${message}'`);
    }
    const arrivedAt = await within(
      heard.arrivalOf(commit),
      `The event of ${service} ${tag}`,
    );
    const seenAt = await within(
      watch.evaluate(({ seenAt: seen }) => seen),
      `${service} ${tag} on the page`,
    );
    return {
      service,
      toEventMs: arrivedAt - pushedAt,
      toDomMs: seenAt - arrivedAt,
    };
  } finally {
    heard.stop();
    await watch.dispose();
  }
}

runBenchmark(async ({ defer }) => {
  progress('starting sandbox and portal');
  const portal = await startPortal({ speed: 10 });
  defer(() => portal.stop());
  const events = new Events();
  const following = new AbortController();
  defer(() => following.abort());
  await followArgoCd({
    url: portal.sandbox.urls.argocd.microservices,
    token: portal.sandbox.credentials.argocd.microservices.token,
    signal: following.signal,
    onEvent: event => events.received(event),
  });

  progress('starting Chromium');
  const browser = await launchChromium();
  defer(() => browser.close());
  const context = await browser.newContext({
    // High enough for the whole fleet: lines that are off screen do not exist.
    viewport: { width: 1280, height: 2400 },
  });
  let signals = 0;
  context.on('page', page =>
    page.on('websocket', socket =>
      socket.on('framereceived', ({ payload }) => {
        signals += payload.includes('"delivery:deployments"') ? 1 : 0;
      }),
    ),
  );
  const page = await openFleet({
    context,
    url: portal.url,
    person: 'Tomas Okafor',
  });

  // The first socket of a new backend can be closed once, and a page reads a
  // few times by itself after it was opened; neither is what is measured.
  progress('waiting for a signal');
  let number = 0;
  const deadline = preciseNow() + 60_000;
  while (number < WARM_UP || signals === 0) {
    if (preciseNow() > deadline) {
      throw new Error('No signal reached the page within a minute');
    }
    await makeChange({ portal, page, events, number });
    number++;
  }
  await wait(20_000);

  signals = 0;
  const changes: Change[] = [];
  while (changes.length < CHANGES) {
    if (changes.length % 20 === 0) {
      progress(`${changes.length} of ${CHANGES} changes`);
    }
    changes.push(await makeChange({ portal, page, events, number }));
    number++;
  }

  const toDom = distributionOf(changes.map(({ toDomMs }) => toDomMs));
  const toEvent = distributionOf(changes.map(({ toEventMs }) => toEventMs));
  publish({
    name: 'event-to-dom',
    conditions: [
      `${CHANGES} pushes of an image tag, one after the other, to ${SERVICES.length} of 28 services; one page of the fleet in headless Chromium.`,
      'From the arrival of the event at a second client of the stream to the mutation of the cell, both stamped with the clock of the same machine.',
      `${signals} signals reached the page meanwhile.`,
    ],
    tables: [
      {
        title: 'Time of a change',
        columns: ['way', 'changes', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
        rows: [
          ['event leaves Argo CD → cell shows it', toDom] as const,
          [
            'push → event (the sandbox itself, not the portal)',
            toEvent,
          ] as const,
        ].map(([way, found]) => [
          way,
          found.count,
          round(found.p50),
          round(found.p95),
          round(found.p99),
          round(found.max),
        ]),
      },
    ],
    results: { toDom, toEvent, signals, changes },
  });
});
