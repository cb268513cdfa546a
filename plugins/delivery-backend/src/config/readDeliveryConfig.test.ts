import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { application } from '../__testUtils__/applications';
import { meetsApplicationCondition } from '../domain/matching/conditions';
import { readDeliveryConfig } from './readDeliveryConfig';

function read(delivery: JsonObject) {
  return readDeliveryConfig(new ConfigReader({ delivery }));
}

describe('the configuration', () => {
  it('is not needed: both kinds of platform fit the defaults', () => {
    const { matching, services, times } = readDeliveryConfig(
      new ConfigReader({}),
    );
    expect(matching.chains).toMatchObject([
      {
        id: 'default',
        environments: ['development', 'staging', 'production', 'recovery'],
      },
    ]);
    expect(matching.defaultChain).toBe('default');
    expect(services).toMatchObject({ kind: 'component' });
    expect(times).toMatchObject({ leaseTtlMs: 15_000, pollMs: 2_000 });
  });

  it('keeps the defaults of a known environment for what it leaves unsaid', () => {
    expect(
      read({
        environments: { recovery: { title: 'DR' }, qa: { aliases: ['test'] } },
      }).matching.environments,
    ).toEqual([
      {
        id: 'recovery',
        title: 'DR',
        standby: true,
        aliases: ['dr', 'standby'],
      },
      { id: 'qa', title: 'Qa', standby: false, aliases: ['test'] },
    ]);
  });

  it('reads rules with globs and labels whose names hold dots', () => {
    const [rule] = read({
      rules: [
        {
          match: {
            namespace: ['shop-*', 'other'],
            labels: { 'app.kubernetes.io/name': 'check*' },
          },
          environment: 'staging',
          service: 'checkout',
        },
      ],
    }).matching.rules;
    expect(rule).toMatchObject({
      environment: 'staging',
      service: 'component:default/checkout',
    });
    const meets = (part: Parameters<typeof application>[0]) =>
      meetsApplicationCondition(application(part), rule.match, 'x');
    expect(meets({})).toBe(true);
    expect(meets({ labels: {} })).toBe(false);
    expect(meets({ destination: { namespace: 'workshop-a' } })).toBe(false);
  });

  it('reads whose the applications are; an owner is a group unless it says otherwise', () => {
    const { bindings } = read({
      bindings: [
        { match: { project: 'payments' }, owner: 'payments' },
        { match: { namespace: ['a-*', 'b'] }, owner: 'User:default/Ada' },
      ],
    }).matching;
    expect(bindings.map(({ owner }) => owner)).toEqual([
      'group:default/payments',
      'user:default/ada',
    ]);
    expect(
      meetsApplicationCondition(
        application({ project: 'payments' }),
        bindings[0].match,
        undefined,
      ),
    ).toBe(true);
  });

  it('reads clusters whose names hold dots and slashes', () => {
    expect(
      read({
        clusters: {
          'arn:aws:eks:us-west-2:1:cluster/n9.dr': { region: 'us-west-2' },
        },
      }).matching.clusters,
    ).toEqual([
      { name: 'arn:aws:eks:us-west-2:1:cluster/n9.dr', region: 'us-west-2' },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['delivery.environments.Prod: an id is', { environments: { Prod: {} } }],
    [
      'delivery.environments.unassigned: this id is taken',
      { environments: { unassigned: {} } },
    ],
    [
      "delivery.environments.b.aliases: 'X' stands for a already",
      { environments: { a: { aliases: ['x'] }, b: { aliases: ['X', 'x'] } } },
    ],
    [
      "delivery.chains.shop.environments[1]: there is no environment 'live'; there are development",
      { chains: { shop: { environments: ['staging', 'live'] } } },
    ],
    [
      "delivery.chains.shop.environments[1]: 'staging' stands there twice",
      { chains: { shop: { environments: ['staging', 'staging'] } } },
    ],
    [
      'delivery.chains.shop.environments: name at least one',
      { chains: { shop: { environments: [] } } },
    ],
    [
      "delivery.defaultChain: there is no chain 'x'; there are default",
      { defaultChain: 'x' },
    ],
    ['delivery.rules[0]: says nothing', { rules: [{ match: { name: 'a' } }] }],
    [
      'delivery.rules[0].match: is empty',
      { rules: [{ match: {}, ignore: true }] },
    ],
    [
      'delivery.rules[0].match.projekt: is not known here',
      { rules: [{ match: { projekt: 'a' }, ignore: true }] },
    ],
    [
      'delivery.rules[0].match.name: must be a glob',
      { rules: [{ match: { name: [] }, ignore: true }] },
    ],
    [
      'delivery.rules[0].match.labels.team: must be a glob',
      { rules: [{ match: { labels: { team: 1 } }, ignore: true }] },
    ],
    [
      "delivery.rules[0].environment: there is no environment 'prod'",
      { rules: [{ match: { name: 'a' }, environment: 'prod' }] },
    ],
    [
      "delivery.rules[0].service: 'a/b/c' is no entity ref",
      { rules: [{ match: { name: 'a' }, service: 'a/b/c' }] },
    ],
    [
      "delivery.rules[0].service: 'a:b:c' is no entity ref",
      { rules: [{ match: { name: 'a' }, service: 'a:b:c' }] },
    ],
    [
      'delivery.bindings[0].match: is missing',
      { bindings: [{ owner: 'group:default/a' }] },
    ],
    [
      'delivery.bindings[0].match: is empty',
      { bindings: [{ match: {}, owner: 'group:default/a' }] },
    ],
    [
      'delivery.bindings[0].match.projects: is not known here',
      { bindings: [{ match: { projects: 'a' }, owner: 'group:default/a' }] },
    ],
    [
      'delivery.bindings[0].service: is not known here; there are match, owner',
      { bindings: [{ match: { project: 'a' }, service: 'component:a' }] },
    ],
    [
      "delivery.bindings[0].owner: '' is no ref of a group or a user",
      { bindings: [{ match: { project: 'a' } }] },
    ],
    [
      "delivery.bindings[0].owner: 'component:default/a' is no ref of a group",
      { bindings: [{ match: { project: 'a' }, owner: 'component:default/a' }] },
    ],
    [
      'delivery.bindings[1].match: is the same as that of delivery.bindings[0]',
      {
        bindings: [
          { match: { project: 'a', name: 'b' }, owner: 'group:default/a' },
          { match: { name: 'b', project: 'a' }, owner: 'group:default/b' },
        ],
      },
    ],
    [
      'delivery.clusters.x.server: must be the URL',
      { clusters: { x: { server: 'nope' } } },
    ],
    [
      'delivery.clusters.x.zone: is not known here',
      { clusters: { x: { zone: 'a' } } },
    ],
    ['delivery.services.filter: ', { services: { filter: { $all: 'x' } } }],
    [
      'delivery.lease.ttl: must be at least 1000 ms',
      { lease: { ttl: { milliseconds: 5 } } },
    ],
    [
      'delivery.freshFor: must be longer than delivery.heartbeat',
      { heartbeat: { seconds: 60 } },
    ],
  ])('says where it is wrong: %s', (message, delivery) => {
    expect(() => read(delivery)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
    expect(() => read(delivery)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^delivery\./),
      }),
    );
  });
});
