import {
  Deployment,
  EnvironmentDeployments,
} from '@slipway/plugin-delivery-common';
import { headlineOf } from './headline';

function environment(
  title: string,
  part: {
    tag?: string;
    wanted?: string;
    status?: Deployment['assessment']['status'];
    summary?: string;
    trust?: Deployment['observation']['state'];
  } = {},
): EnvironmentDeployments {
  const { tag = '1.9.0', status = 'healthy', summary = '', trust } = part;
  return {
    environment: { id: title.toLowerCase(), title, standby: false },
    deployments: [
      {
        entityRef: 'component:default/checkout',
        environment: title.toLowerCase(),
        target: {
          id: 'x',
          instance: 'main',
          applicationNamespace: 'argocd',
          application: 'x',
        },
        binding: { state: 'bound', by: 'application-annotation' },
        assessment: { status, reason: 'r', summary },
        observation: { source: 'a', state: trust ?? 'fresh' },
        serving: { image: 'i', tag, revisions: [] },
        ...(part.wanted && {
          wanted: { image: 'i', tag: part.wanted, revisions: [] },
        }),
        sync: 'synced',
        health: 'healthy',
        policy: { automated: true, prune: true, selfHeal: true },
        conditions: [],
      },
    ],
  };
}

describe('the headline', () => {
  it('says what serves where when all is well', () => {
    expect(
      headlineOf([environment('Staging'), environment('Production')]),
    ).toBe('1.9.0 serves in Staging and Production.');
    expect(
      headlineOf([
        environment('Staging'),
        environment('Production', { tag: '1.8.2' }),
      ]),
    ).toBe('Production serves 1.8.2 and Staging serves 1.9.0.');
  });

  it('says what is worst first, production before what comes before it', () => {
    expect(
      headlineOf([
        environment('Staging', { status: 'waiting', summary: 'It is paused.' }),
        environment('Production', {
          status: 'degraded',
          summary: 'It is degraded: no image.',
        }),
      ]),
    ).toBe('Production is degraded: no image. Look at Staging, too.');
    expect(
      headlineOf([
        environment('Staging', { status: 'waiting', summary: 'a.' }),
        environment('Production', { status: 'waiting', summary: 'b.' }),
      ]),
    ).toBe('Production: b. Look at Staging, too.');
  });

  it('says what git asks for where that is not what is served', () => {
    expect(
      headlineOf([
        environment('Production', {
          tag: '1.8.2',
          wanted: '1.9.0',
          status: 'degraded',
          summary: 'It is degraded: no image.',
        }),
      ]),
    ).toBe(
      'Production serves 1.8.2. Git asks for 1.9.0: it is degraded: no image.',
    );
    expect(
      headlineOf([
        environment('Production', {
          tag: '1.8.2',
          wanted: '1.9.0',
          status: 'waiting',
          summary: 'Git asks for 1.9.0; somebody has to sync it.',
        }),
      ]),
    ).toBe(
      'Production serves 1.8.2. Git asks for 1.9.0; somebody has to sync it.',
    );
  });

  it('names environments that serve the same together', () => {
    expect(
      headlineOf([
        environment('Development', { tag: '1.9.0' }),
        environment('Staging', { tag: '1.8.2' }),
        environment('Production', { tag: '1.8.2' }),
      ]),
    ).toBe('Production and Staging serve 1.8.2 and Development serves 1.9.0.');
  });

  it('says what is on its way', () => {
    expect(
      headlineOf([
        environment('Staging', {
          status: 'progressing',
          summary: '1.9.0 is rolling out.',
        }),
        environment('Production'),
      ]),
    ).toBe('Staging: 1.9.0 is rolling out.');
  });

  it('says what of it is only remembered', () => {
    expect(
      headlineOf([
        environment('Staging', { trust: 'stale' }),
        environment('Production'),
      ]),
    ).toBe(
      '1.9.0 serves in Staging and Production. This is what was last seen in Staging.',
    );
    expect(headlineOf([environment('Staging', { trust: 'stale' })])).toBe(
      '1.9.0 serves in Staging. This is what was last seen.',
    );
  });

  it('says that nothing is known', () => {
    expect(headlineOf([])).toBe('No deployment of this service is known.');
  });
});
