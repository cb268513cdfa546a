import { ObservedApplication } from '@slipway/plugin-delivery-node';
import { application } from '../../__testUtils__/applications';
import { globMatcher } from './conditions';
import { environmentNames } from './environmentOf';
import { chainOfService, matchApplication } from './matchApplication';
import { ServiceIndex } from './ServiceIndex';
import { MatchingConfig, Service } from './types';

const config: MatchingConfig = {
  environments: [
    {
      id: 'development',
      title: 'Development',
      standby: false,
      aliases: ['dev'],
    },
    { id: 'staging', title: 'Staging', standby: false, aliases: ['stg'] },
    {
      id: 'production',
      title: 'Production',
      standby: false,
      aliases: ['prod'],
    },
    { id: 'recovery', title: 'Recovery', standby: true, aliases: ['dr'] },
  ],
  chains: [
    {
      id: 'shop',
      title: 'Shop',
      environments: ['development', 'staging', 'production'],
      applications: [],
      services: [{ system: globMatcher(['system:default/shop-*']) }],
    },
    {
      id: 'n9',
      title: 'N9',
      environments: ['staging', 'production', 'recovery'],
      applications: [{ instance: globMatcher(['n9']) }],
      services: [],
    },
  ],
  defaultChain: 'shop',
  rules: [],
  bindings: [],
  clusters: [],
};

function service(name: string, part: Partial<Service> = {}): Service {
  return {
    entityRef: `component:default/${name}`,
    name,
    namespace: 'default',
    title: name,
    owners: [],
    annotations: {},
    ...part,
  };
}

function match(options: {
  application: ObservedApplication;
  services: Service[];
  config?: Partial<MatchingConfig>;
}) {
  const services = new ServiceIndex();
  options.services.forEach(one => services.set(one));
  return matchApplication({
    application: options.application,
    services,
    config: { ...config, ...options.config },
    names: environmentNames(config.environments),
  });
}

/** An application that the platform did not annotate. */
function plain(part: Parameters<typeof application>[0] = {}) {
  return application({ annotations: {}, labels: {}, ...part });
}

describe('the service of an application', () => {
  it('is what the platform wrote on the application, which binds it', () => {
    expect(
      match({ application: application(), services: [service('checkout')] }),
    ).toMatchObject({
      services: [
        {
          entityRef: 'component:default/checkout',
          binding: { state: 'bound', by: 'application-annotation' },
        },
      ],
    });
  });

  it('is not guessed when the platform names a service that is not there', () => {
    const found = match({
      application: application({
        annotations: { 'backstage.io/entity-ref': 'component:default/gone' },
      }),
      services: [service('checkout')],
    });
    expect(found).toEqual({
      kind: 'unmatched',
      reason: expect.stringContaining("'component:default/gone'"),
    });
  });

  it('is not what a developer claims when the platform says otherwise', () => {
    expect(
      match({
        application: application(),
        services: [
          service('checkout'),
          service('thief', {
            annotations: { 'argocd/app-name': 'checkout-staging' },
          }),
        ],
      }),
    ).toMatchObject({
      services: [{ entityRef: 'component:default/checkout' }],
    });
  });

  it.each([
    ['a name', { 'argocd/app-name': 'web-staging' }],
    ['a name with its namespace', { 'argocd/app-name': 'argocd_web-staging' }],
    ['a selector', { 'argocd/app-selector': 'app in (web, shop)' }],
    ['a selector without equality', { 'argocd/app-selector': '!legacy' }],
    ['a selector on presence', { 'argocd/app-selector': 'app,!legacy' }],
    ['a project alone', { 'argocd/project-name': 'shop' }],
    [
      'a name or a selector',
      { 'argocd/app-name': 'other', 'argocd/app-selector': 'app=web' },
    ],
    [
      'a name on one of several instances',
      { 'argocd/app-name': 'web-staging', 'argocd/instance-name': 'x, main' },
    ],
  ])('is claimed by %s, which does not bind', (_what, annotations) => {
    expect(
      match({
        application: plain({ name: 'web-staging', labels: { app: 'web' } }),
        services: [service('shop-frontend', { annotations })],
      }),
    ).toMatchObject({
      services: [
        {
          entityRef: 'component:default/shop-frontend',
          binding: {
            state: 'unbound',
            reason: expect.stringContaining(
              "'backstage.io/entity-ref: component:default/shop-frontend'",
            ),
          },
        },
      ],
    });
  });

  it.each([
    [{ 'argocd/app-name': 'web', 'argocd/project-name': 'other' }],
    [{ 'argocd/app-name': 'web', 'argocd/app-namespace': 'team' }],
    [{ 'argocd/app-name': 'web', 'argocd/instance-name': 'other' }],
    [{ 'argocd/app-selector': 'app=(', 'argocd/project-name': 'shop' }],
  ])('is not claimed by %j', annotations => {
    expect(
      match({
        application: plain({ name: 'web' }),
        services: [service('shop-frontend', { annotations })],
      }),
    ).toMatchObject({ kind: 'unmatched' });
  });

  it('is the one of its name without the environment, which does not bind', () => {
    expect(
      match({
        application: plain({ name: 'checkout-prod' }),
        services: [service('checkout')],
      }),
    ).toMatchObject({ services: [{ binding: { state: 'unbound' } }] });
  });

  it('is nobody when two have its name', () => {
    expect(
      match({
        application: plain({ name: 'checkout-prod' }),
        services: [
          service('checkout'),
          service('checkout', { entityRef: 'component:other/checkout' }),
        ],
      }),
    ).toMatchObject({
      kind: 'unmatched',
      reason: expect.stringMatching(/checkout or component/),
    });
  });

  it('is what a configured rule says, which binds, before anything else', () => {
    expect(
      match({
        application: application({ labels: { team: 'x-legacy' } }),
        services: [service('checkout'), service('monolith')],
        config: {
          rules: [
            {
              match: { labels: { team: globMatcher(['*-legacy']) } },
              service: 'component:default/monolith',
              environment: 'recovery',
              chain: 'n9',
            },
          ],
        },
      }),
    ).toMatchObject({
      services: [
        {
          entityRef: 'component:default/monolith',
          binding: { state: 'bound', by: 'configuration' },
        },
      ],
      environment: 'recovery',
      chain: 'n9',
    });
  });
});

describe('what is no deployment', () => {
  it('B16: a parent of applications', () => {
    expect(
      match({
        application: application({ appOfApps: true }),
        services: [service('checkout')],
      }),
    ).toEqual({ kind: 'ignored' });
  });

  it('what a rule ignores', () => {
    expect(
      match({
        application: application(),
        services: [service('checkout')],
        config: {
          rules: [{ match: { project: globMatcher(['sh*']) }, ignore: true }],
        },
      }),
    ).toEqual({ kind: 'ignored' });
  });
});

describe('the environment of an application', () => {
  it.each([
    [
      'its annotation',
      { annotations: { 'slipway.dev/environment': 'dr' } },
      'recovery',
    ],
    [
      'its label',
      { labels: { 'slipway.dev/environment': 'prod' } },
      'production',
    ],
    [
      'its namespace',
      { destination: { namespace: 'core-business-prod' } },
      'production',
    ],
    [
      'its name',
      { name: 'checkout-stg', destination: { namespace: 'shop' } },
      'staging',
    ],
    [
      'its cluster',
      { name: 'checkout', destination: { name: 'eks-production-1' } },
      'production',
    ],
    [
      'the URL of its cluster',
      {
        name: 'checkout',
        destination: { server: 'https://n9-recovery.example:6443' },
      },
      'recovery',
    ],
  ])('is told by %s', (_what, part, environment) => {
    expect(
      match({
        application: plain({ destination: {}, ...part }),
        services: [
          service('checkout', {
            annotations: {
              'argocd/app-selector': '!none',
            },
          }),
        ],
      }),
    ).toMatchObject({ environment });
  });

  it('is nothing that is merely part of a word', () => {
    expect(
      match({
        application: plain({
          name: 'checkout',
          destination: { name: 'reproduction', namespace: 'preprod' },
        }),
        services: [service('checkout')],
      }),
    ).toMatchObject({ kind: 'matched', environment: 'unassigned' });
  });
});

describe('the region of an application', () => {
  it('is that of the configured cluster, else of the EKS host name', () => {
    const on = (server: string, clusters: MatchingConfig['clusters'] = []) =>
      match({
        application: application({ destination: { server } }),
        services: [service('checkout')],
        config: { clusters },
      });
    expect(on('https://ABC123.gr7.us-east-1.eks.amazonaws.com')).toMatchObject({
      region: 'us-east-1',
    });
    expect(
      on('https://k8s.example/', [
        { name: 'eu', server: 'https://k8s.example', region: 'eu-central-1' },
      ]),
    ).toMatchObject({ cluster: 'eu', region: 'eu-central-1' });
    expect(on('https://eks.amazonaws.com.evil.example')).not.toHaveProperty(
      'region',
    );
  });
});

describe('the chain of a service', () => {
  it('is told by its applications, its annotation, the configuration, the default', () => {
    const chain = (
      one: Service,
      applicationChains: (string | undefined)[] = [],
    ) => chainOfService({ service: one, applicationChains, config });
    const annotated = service('a', {
      annotations: { 'slipway.dev/chain': 'n9' },
    });
    expect(chain(annotated, [undefined, 'shop'])).toBe('shop');
    expect(chain(annotated)).toBe('n9');
    expect(chain(service('a', { system: 'system:default/shop-core' }))).toBe(
      'shop',
    );
    expect(
      chain(service('a', { annotations: { 'slipway.dev/chain': 'typo' } })),
    ).toBe('shop');
    expect(chain(service('a'))).toBe('shop');
  });
});
