import {
  ActionPlan,
  ActionRequest,
  ActivityPage,
  ActivityQuery,
  DELIVERY_ERROR_CODES,
  Deployment,
  DeploymentAction,
  FleetGroup,
  FleetPage,
  FleetQuery,
  HistoryPage,
  needsAttention,
  ServiceDeployments,
} from '@slipway/plugin-delivery-common';
import { ActionSubject, DeliveryApi } from '@slipway/plugin-delivery-react';
import { refusal } from './refusal';
import { Scenario } from './scenarios';
import { ScriptedActions } from './scriptedActions';
import {
  CHAINS,
  entityRefOf,
  fleetRow,
  historyOf,
  manyServices,
  Service,
  serviceDeployments,
  SERVICES,
  upstreams,
  World,
} from './world';

/** Answers come after this, as over a network. */
const LATENCY_MS = 120;

/** Answers that the scenario `lost` gives before it stops. */
const ANSWERS_BEFORE_LOSS = 4;

/** A {@link DeliveryApi} that plays a scenario instead of asking a backend. */
export class ScriptedDelivery implements DeliveryApi {
  readonly world: World;
  readonly #scenario: Scenario;
  readonly #actions: ScriptedActions;
  #answers = 0;

  /** @param onProgress - told of the service whose action has moved on */
  constructor(scenario: Scenario, onProgress: (entityRef: string) => void) {
    this.#scenario = scenario;
    this.#actions = new ScriptedActions(scenario, onProgress);
    this.world = {
      services: servicesOf(scenario),
      changes: new Map(),
      version: 1,
      down: downIn(scenario),
    };
  }

  async getFleet(query: FleetQuery): Promise<FleetPage> {
    await this.#act();
    const { offset = 0, limit = 100, groupBy = 'system' } = query;
    const found = this.world.services
      .map(service => ({ service, row: fleetRow(this.world, service) }))
      .filter(({ service, row }) => {
        const cells = Object.values(row.cells);
        return (
          (!query.chain || service.chain === query.chain) &&
          (!query.owned || service.system === 'core-business') &&
          (!query.attention ||
            cells.some(
              cell =>
                needsAttention(cell.status) ||
                cell.observation.state !== 'fresh',
            )) &&
          (!query.text ||
            service.name.includes(query.text) ||
            service.system.includes(query.text) ||
            cells.some(cell => cell.serving?.label.includes(query.text ?? '')))
        );
      })
      .map(({ service, row }) => ({
        ...row,
        group: groupBy === 'none' ? '' : service[groupBy],
        attention: Object.values(row.cells).some(cell =>
          needsAttention(cell.status),
        ),
      }))
      .sort(
        (a, b) =>
          a.group.localeCompare(b.group) || a.title.localeCompare(b.title),
      );

    const groups = new Map<string, FleetGroup>();
    for (const { group: key, attention } of found) {
      const group = groups.get(key) ?? {
        key,
        title: groupBy === 'wave' ? `Wave ${key}` : key,
        services: 0,
        attention: 0,
      };
      group.services += 1;
      group.attention += attention ? 1 : 0;
      groups.set(key, group);
    }
    return {
      version: this.world.version,
      chains: CHAINS,
      groups: [...groups.values()],
      rows: found
        .slice(offset, offset + limit)
        .map(({ attention: _, ...row }) => row),
      offset,
      totals: {
        services: found.length,
        attention: found.filter(({ attention }) => attention).length,
        all: this.world.services.length,
        unmatchedApplications: this.world.services.length ? 2 : 0,
      },
      upstreams: upstreams(this.world),
    };
  }

  async getDeployments(entityRef: string): Promise<ServiceDeployments> {
    await this.#act();
    const service = this.#service(entityRef);
    return service
      ? this.#withActions(serviceDeployments(this.world, service))
      : {
          version: this.world.version,
          entityRef,
          chain: { id: 'microservices', title: 'Microservices' },
          environments: CHAINS[1].environments.map(environment => ({
            environment,
            deployments: [],
          })),
          headline: 'It is not deployed anywhere.',
          upstreams: upstreams(this.world),
        };
  }

  async getHistory(
    entityRef: string,
    options: { environment?: string; cursor?: string; limit?: number } = {},
  ): Promise<HistoryPage> {
    await this.#act();
    const { environment, cursor = '0', limit = 20 } = options;
    const service = this.#service(entityRef);
    const all = (service ? historyOf(service) : []).filter(
      entry => !environment || entry.environment === environment,
    );
    const start = Number(cursor);
    const end = start + limit;
    return {
      entries: all.slice(start, end),
      nextCursor: end < all.length ? String(end) : undefined,
    };
  }

  async planAction(subject: ActionSubject): Promise<ActionPlan> {
    await this.#act();
    return this.#actions.plan(subject, this.#deployment(subject));
  }

  async requestAction(
    subject: ActionSubject,
    request: Omit<ActionRequest, 'target'>,
  ): Promise<DeploymentAction> {
    await this.#act();
    return this.#actions.request(subject, request, this.#deployment(subject));
  }

  async getAction(_entityRef: string, id: string): Promise<DeploymentAction> {
    await this.#act();
    return this.#actions.get(id);
  }

  async getActivity(query: ActivityQuery): Promise<ActivityPage> {
    await this.#act();
    return this.#scenario === 'empty'
      ? { entries: [] }
      : this.#actions.activity(query);
  }

  /** Deploys the next patch of a service to an environment. */
  deploy(name: string, environment: string): number {
    const key = `${name}/${environment}`;
    this.world.changes.set(key, (this.world.changes.get(key) ?? 0) + 1);
    this.world.version += 1;
    return this.world.version;
  }

  #service(entityRef: string): Service | undefined {
    return this.world.services.find(
      service => entityRefOf(service) === entityRef,
    );
  }

  #withActions(service: ServiceDeployments): ServiceDeployments {
    return {
      ...service,
      environments: service.environments.map(entry => ({
        ...entry,
        deployments: entry.deployments.map(deployment => ({
          ...deployment,
          actions: this.#actions.availability(deployment),
          latestAction: this.#actions.latest(deployment),
        })),
      })),
    };
  }

  #deployment(subject: ActionSubject): Deployment {
    const service = this.#service(subject.entityRef);
    const deployment =
      service &&
      serviceDeployments(this.world, service)
        .environments.flatMap(({ deployments }) => deployments)
        .find(
          ({ environment, target }) =>
            environment === subject.environment &&
            (!subject.target || target.id === subject.target),
        );
    if (!deployment) {
      throw new Error('The harness has no such deployment');
    }
    return deployment;
  }

  async #act(): Promise<void> {
    if (this.#scenario === 'loading') {
      await new Promise(() => {});
    }
    await new Promise(resolve => setTimeout(resolve, LATENCY_MS));
    this.#answers += 1;
    switch (this.#scenario) {
      case 'starting':
        throw await refusal(503, DELIVERY_ERROR_CODES.notReady);
      case 'forbidden':
        throw await refusal(403, DELIVERY_ERROR_CODES.readNotAllowed);
      case 'session-ended':
        throw await refusal(401, undefined);
      case 'unreachable':
        throw new TypeError('Failed to fetch');
      case 'lost':
        if (this.#answers > ANSWERS_BEFORE_LOSS) {
          throw new TypeError('Failed to fetch');
        }
        break;
      default:
    }
  }
}

function servicesOf(scenario: Scenario): Service[] {
  switch (scenario) {
    case 'empty':
      return [];
    case 'large':
      return manyServices(5_000);
    default:
      return SERVICES;
  }
}

function downIn(scenario: Scenario): string[] {
  switch (scenario) {
    case 'partial':
      return ['argocd:n9'];
    case 'down':
      return ['argocd:n9', 'argocd:main'];
    default:
      return [];
  }
}
