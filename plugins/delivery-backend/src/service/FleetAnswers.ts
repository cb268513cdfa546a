import {
  ChainDescription,
  FleetPage,
  FleetQuery,
  Observation,
} from '@slipway/plugin-delivery-common';
import { LRUCache } from 'lru-cache';
import { FleetView } from '../access/DeliveryAccess';
import { canonicalJson } from '../domain/canonicalJson';
import { fleetRow } from '../domain/fleet/fleetRow';
import { FLEET_LIMIT, fleetWindow } from '../domain/fleet/fleetWindow';
import { ObserveUpstream } from '../domain/fleet/observations';
import {
  FleetFilters,
  FleetSelection,
  selectFleet,
} from '../domain/fleet/selectFleet';
import { ServiceState } from '../domain/fleet/serviceState';
import { ReadModel } from '../readModel/ReadModel';
import { PreparedJson } from './PreparedJson';

/** Selections that are remembered: one for each set of filters in use. */
const SELECTIONS = 200;

/** Characters of answers that are remembered. */
const ANSWERS_SIZE = 64 * 1024 * 1024;

/**
 * Answers what lists of services ask, and does each part of that once for as
 * long as it holds:
 *
 * - To find and group services looks at all of them. It holds for every window
 *   on the same question, until the read model changes or an upstream becomes
 *   trusted, or no longer is.
 * - To write a service as JSON holds until it changes, or there is another sign
 *   of life of an upstream that it comes from.
 * - A whole answer holds until anything changes. Many open pages ask for the
 *   same one after every change.
 */
export class FleetAnswers {
  readonly #readModel: ReadModel;
  readonly #selections = new LRUCache<string, FleetSelection>({
    max: SELECTIONS,
  });
  readonly #rows = new WeakMap<ServiceState, { trust: string; text: string }>();
  /** By the services of a view, which are others after every change. */
  readonly #chains = new WeakMap<ServiceState[], ChainDescription[]>();
  readonly #answers = new LRUCache<string, PreparedJson>({
    maxSize: ANSWERS_SIZE,
    sizeCalculation: answer => answer.text.length,
  });
  #generation = -1;
  #version = -1;

  static create(options: { readModel: ReadModel }): FleetAnswers {
    return new FleetAnswers(options.readModel);
  }

  private constructor(readModel: ReadModel) {
    this.#readModel = readModel;
  }

  /** A {@link FleetPage} of the services that the caller may see, as JSON. */
  answer(options: {
    /** Of the read model as it is now, not of what it was before a wait. */
    view: FleetView;
    query: Omit<FleetQuery, 'atLeast'>;
    /** Refs that the caller owns by: itself and its groups. */
    ownership: string[];
    /** Now, ISO 8601. */
    now: string;
  }): PreparedJson {
    const { view, query, ownership, now } = options;
    const { offset = 0, limit = FLEET_LIMIT.default, ...filters } = query;
    this.#forgetWhatIsOver();
    const observe = this.#readModel.observeAt(now);
    const question = canonicalJson({ view: view.key, filters, ownership });
    const key = canonicalJson({
      question,
      offset,
      limit,
      trust: this.#readModel.upstreams().map(({ id }) => observe(id)),
    });
    let answer = this.#answers.get(key);
    if (!answer) {
      answer = new PreparedJson(
        this.#write({
          view,
          selection: this.#select({
            question,
            view,
            filters,
            ownership,
            observe,
          }),
          offset,
          limit,
          observe,
        }),
      );
      this.#answers.set(key, answer);
    }
    return answer;
  }

  /** What was found before a change is never asked for again. */
  #forgetWhatIsOver(): void {
    const { index, version } = this.#readModel;
    if (index.generation !== this.#generation) {
      this.#generation = index.generation;
      this.#selections.clear();
      this.#answers.clear();
    }
    if (version !== this.#version) {
      this.#version = version;
      this.#answers.clear();
    }
  }

  #select(options: {
    question: string;
    view: FleetView;
    filters: FleetFilters;
    ownership: string[];
    observe: ObserveUpstream;
  }): FleetSelection {
    const { question, view, filters, ownership, observe } = options;
    const { index } = this.#readModel;
    const isFresh = (id: string) => observe(id).state === 'fresh';
    const fresh = this.#readModel
      .upstreams()
      .filter(({ id }) => isFresh(id))
      .map(({ id }) => id);
    const key = canonicalJson({ question, fresh });
    let selection = this.#selections.get(key);
    if (!selection) {
      selection = selectFleet({
        services: view.services,
        filters,
        ownership,
        isFresh,
        systemTitle: ref => index.systemTitle(ref),
      });
      this.#selections.set(key, selection);
    }
    return selection;
  }

  #write(options: {
    view: FleetView;
    selection: FleetSelection;
    offset: number;
    limit: number;
    observe: ObserveUpstream;
  }): string {
    const { view, selection, offset, limit, observe } = options;
    const { index, version } = this.#readModel;
    const page: Omit<FleetPage, 'rows'> = {
      version,
      chains: this.#chainsOf(view),
      groups: selection.groups.map(({ members, ...group }) => group),
      offset,
      totals: {
        ...selection.totals,
        unmatchedApplications: view.whole ? index.unmatchedApplications : 0,
      },
      // Also those that none of the services comes from: they may run nowhere
      // because one cannot be reached.
      upstreams: view.services.length > 0 ? this.#readModel.upstreams() : [],
    };
    const trustOf = memoize((id: string) => JSON.stringify(observe(id)));
    const rows = fleetWindow(selection, { offset, limit }).map(
      ({ state, group }) =>
        append(this.#rowText({ state, observe, trustOf }), { group }),
    );
    return append(JSON.stringify(page), { rows });
  }

  /** A chain tells of environments, so only of those that the caller may see. */
  #chainsOf({ services }: FleetView): ChainDescription[] {
    let chains = this.#chains.get(services);
    if (!chains) {
      chains = this.#readModel.index.chainsOf(services);
      this.#chains.set(services, chains);
    }
    return chains;
  }

  /** A row without its group, which depends on the question. */
  #rowText(options: {
    state: ServiceState;
    observe: (upstreamId: string) => Observation;
    trustOf: (upstreamId: string) => string;
  }): string {
    const { state, observe, trustOf } = options;
    const trust = state.digest.upstreamIds.map(trustOf).join();
    const written = this.#rows.get(state);
    if (written?.trust === trust) {
      return written.text;
    }
    const text = JSON.stringify(fleetRow(state, observe));
    this.#rows.set(state, { trust, text });
    return text;
  }
}

/**
 * Adds a last member to an object that is JSON already: a text, or an array
 * whose elements are JSON already.
 */
function append(
  objectText: string,
  member: { group: string } | { rows: string[] },
): string {
  const text =
    'group' in member
      ? `"group":${JSON.stringify(member.group)}`
      : `"rows":[${member.rows.join(',')}]`;
  return `${objectText.slice(0, -1)},${text}}`;
}

function memoize<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return key => {
    let value = known.get(key);
    if (value === undefined) {
      value = compute(key);
      known.set(key, value);
    }
    return value;
  };
}
