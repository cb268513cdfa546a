import { application } from '../../__testUtils__/applications';
import { globMatcher } from './conditions';
import { environmentNames } from './environmentOf';
import { matchApplication } from './matchApplication';
import { ServiceIndex } from './ServiceIndex';
import { BindingRule, MatchingConfig, Service } from './types';

const config: MatchingConfig = {
  environments: [
    { id: 'staging', title: 'Staging', standby: false, aliases: ['stg'] },
    {
      id: 'production',
      title: 'Production',
      standby: false,
      aliases: ['prod'],
    },
  ],
  chains: [
    {
      id: 'shop',
      title: 'Shop',
      environments: ['staging', 'production'],
      applications: [],
      services: [],
    },
  ],
  defaultChain: 'shop',
  rules: [],
  bindings: [],
  clusters: [],
};

function service(
  entityRef: string,
  owner: string,
  annotations: Service['annotations'] = {},
): Service {
  const [namespace, name] = entityRef.replace('component:', '').split('/');
  return {
    entityRef,
    name,
    namespace,
    title: name,
    owners: [`group:default/${owner}`],
    annotations,
  };
}

const SHOP_IS_PAYMENTS: BindingRule = {
  match: { project: globMatcher(['shop']) },
  owner: 'group:default/payments',
};

function servicesFor(options: {
  services: Service[];
  bindings?: BindingRule[];
  rules?: MatchingConfig['rules'];
  part?: Parameters<typeof application>[0];
}) {
  const services = new ServiceIndex();
  options.services.forEach(one => services.set(one));
  const found = matchApplication({
    application: application({
      name: 'checkout-prod',
      annotations: {},
      destination: { name: 'c', namespace: 'shop-prod' },
      ...options.part,
    }),
    services,
    config: {
      ...config,
      bindings: options.bindings ?? [SHOP_IS_PAYMENTS],
      rules: options.rules ?? [],
    },
    names: environmentNames(config.environments),
  });
  return found.kind === 'matched'
    ? Object.fromEntries(
        found.services.map(({ entityRef, binding }) => [
          entityRef,
          binding.state === 'bound' ? binding.by : binding.reason,
        ]),
      )
    : found.kind;
}

const ours = service('component:default/pay', 'payments', {
  'argocd/app-name': 'checkout-prod',
});
const named = service('component:default/checkout', 'payments');
const thief = service('component:default/thief', 'thieves', {
  'argocd/app-name': 'checkout-prod',
});
const ofThatName = service('component:evil/checkout', 'thieves');

describe('an application whose owner is configured', () => {
  it('is bound to the service of that owner that claims it', () => {
    expect(servicesFor({ services: [ours, named] })).toEqual({
      'component:default/pay': 'configuration',
    });
  });

  it('is bound to the service of that owner whose name it has', () => {
    expect(servicesFor({ services: [named] })).toEqual({
      'component:default/checkout': 'configuration',
    });
  });

  it('is not taken away by claims of others, nor by others of that name', () => {
    expect(servicesFor({ services: [thief, ofThatName, named] })).toEqual({
      'component:default/checkout': 'configuration',
    });
    expect(servicesFor({ services: [thief, ofThatName, ours] })).toEqual({
      'component:default/pay': 'configuration',
    });
  });

  it('shows a claim of others as a claim where nobody rightful is there, and names nobody', () => {
    expect(servicesFor({ services: [thief] })).toEqual({
      'component:default/thief': expect.stringMatching(
        /^(?!.*(payments|checkout|shop)).*nothing but status is shown.*delivery\.bindings/,
      ),
    });
    expect(servicesFor({ services: [ofThatName] })).toEqual({
      'component:evil/checkout': expect.stringContaining('another owner'),
    });
  });

  it('is of every service of that owner that claims it', () => {
    const second = { ...ours, entityRef: 'component:default/pay-too' };
    expect(servicesFor({ services: [ours, second] })).toEqual({
      'component:default/pay': 'configuration',
      'component:default/pay-too': 'configuration',
    });
  });

  it('is whose the first entry that fits says', () => {
    const first: BindingRule = {
      match: { name: globMatcher(['checkout-*']) },
      owner: 'group:default/thieves',
    };
    expect(
      servicesFor({
        services: [thief, ours],
        bindings: [first, SHOP_IS_PAYMENTS],
      }),
    ).toEqual({ 'component:default/thief': 'configuration' });
  });

  it('stays of whom a rule or its own annotation names', () => {
    expect(
      servicesFor({
        services: [ours, thief],
        rules: [{ match: {}, service: 'component:default/thief' }],
      }),
    ).toEqual({ 'component:default/thief': 'configuration' });
    expect(
      servicesFor({
        services: [ours, thief],
        part: { annotations: { 'backstage.io/entity-ref': 'component:thief' } },
      }),
    ).toEqual({ 'component:default/thief': 'application-annotation' });
  });

  it('is nothing to an application that no entry fits', () => {
    expect(
      servicesFor({ services: [ours], part: { project: 'other' } }),
    ).toEqual({
      'component:default/pay': expect.stringContaining('To bind it'),
    });
  });
});

describe('a claim without anybody who says whose it is', () => {
  it('names neither the application nor who else claims it', () => {
    const bySelector = service('component:default/by-selector', 'thieves', {
      'argocd/app-selector': '!nothing',
    });
    const reasons = servicesFor({
      services: [ours, bySelector],
      bindings: [],
    });
    expect(Object.keys(reasons)).toHaveLength(2);
    expect(Object(reasons)['component:default/by-selector']).not.toMatch(
      /checkout|pay/,
    );
  });
});

describe('the environment of an application', () => {
  it('is never what the developers of its service say where the platform says another', () => {
    const found = (part: Parameters<typeof application>[0]) => {
      const services = new ServiceIndex();
      services.set(
        service('component:default/checkout', 'payments', {
          'slipway.dev/environment': 'staging',
        }),
      );
      const match = matchApplication({
        application: application(part),
        services,
        config,
        names: environmentNames(config.environments),
      });
      return match.kind === 'matched' && match.environment;
    };
    expect(found({ name: 'checkout-prod', destination: {} })).toBe(
      'production',
    );
    expect(
      found({ name: 'checkout', destination: { namespace: 'shop-prod' } }),
    ).toBe('production');
    expect(found({ name: 'checkout', destination: {} })).toBe('staging');
  });
});
