import { createModel } from './createModel';
import { applicationName, namespaceOf, scaleOf, servicesOf } from './queries';

const model = createModel({ seed: 1 });

describe('createModel', () => {
  it('gives the same model for the same seed', () => {
    expect(createModel({ seed: 7 })).toEqual(createModel({ seed: 7 }));
  });

  it('gives other releases for another seed', () => {
    expect(createModel({ seed: 7 }).services).not.toEqual(
      createModel({ seed: 8 }).services,
    );
  });

  it('leaves the named services alone when others are generated', () => {
    const large = createModel({ seed: 1, services: 400 });
    expect(large.services).toHaveLength(400);
    expect(large.services.slice(0, 28)).toEqual(model.services);
  });

  it.each([27, 5001, 30.5, NaN])('refuses %p services', services => {
    expect(() => createModel({ services })).toThrow(/from 28 to 5000/);
  });

  it('spreads generated services over platforms, waves, systems and teams', () => {
    const large = createModel({ seed: 1, services: 5000 });
    const generated = large.services.slice(28);
    expect(new Set(large.services.map(service => service.name)).size).toBe(
      5000,
    );
    expect(new Set(generated.map(service => service.wave))).toEqual(
      new Set([1, 2, 3, 4]),
    );
    expect(new Set(generated.map(service => service.platform)).size).toBe(2);
    expect(new Set(generated.map(service => service.owner)).size).toBe(8);
    const systems = new Set(large.systems.map(system => system.name));
    expect(generated.filter(service => !systems.has(service.system))).toEqual(
      [],
    );
  });

  it('has the 24 services of the commerce platform and the four of N9', () => {
    expect(servicesOf(model, 'microservices')).toHaveLength(24);
    expect(servicesOf(model, 'n9').map(service => service.name)).toEqual([
      'n9-api',
      'n9-websocket',
      'n9-worker',
      'n9-scheduler',
    ]);
  });

  it('has the environments, clusters and policies of the documents', () => {
    const described = model.platforms.flatMap(platform =>
      platform.environments.map(environment => [
        environment.id,
        environment.cluster.name,
        environment.cluster.region,
        environment.policy.automatic,
        environment.policy.prune,
        environment.policy.selfHeal,
      ]),
    );
    expect(described).toEqual([
      ['development', 'k3d-local', undefined, true, true, true],
      ['staging', 'eks-staging', 'us-east-1', true, true, true],
      ['production', 'eks-production', 'us-east-1', false, false, true],
      ['staging', 'n9-staging', 'us-east-1', true, true, true],
      ['production', 'n9-production', 'us-east-1', false, false, true],
      ['recovery', 'n9-recovery', 'us-west-2', true, true, true],
    ]);
  });

  it('lets nothing depend on a service of a later wave', () => {
    const waves = new Map(
      model.services.map(service => [service.name, service.wave]),
    );
    const wrong = model.services.flatMap(service =>
      service.dependsOn.filter(
        name => (waves.get(name) ?? Infinity) > service.wave,
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('names only owners, systems, domains and resources that exist', () => {
    const groups = new Set(model.groups.map(group => group.name));
    const systems = new Map(
      model.systems.map(system => [system.name, system.domain]),
    );
    const domains = new Set(model.domains.map(domain => domain.name));
    const resources = new Set(model.infrastructure.map(item => item.name));
    for (const service of model.services) {
      expect(groups).toContain(service.owner);
      expect(systems.has(service.system)).toBe(true);
      expect(domains).toContain(service.domain);
      for (const use of service.uses) {
        expect(resources).toContain(use);
      }
    }
    for (const person of model.people) {
      for (const group of person.groups) {
        expect(groups).toContain(group);
      }
    }
    for (const group of model.groups) {
      expect(group.parent === undefined || groups.has(group.parent)).toBe(true);
    }
  });

  it('lets most environments agree and some services be ahead', () => {
    const ahead = model.services.filter(service => {
      const tags = Object.values(service.deployments).map(
        deployments => deployments.at(-1)?.release.tag,
      );
      return new Set(tags).size > 1;
    });
    expect(ahead.length).toBeGreaterThanOrEqual(4);
    expect(ahead.length).toBeLessThan(model.services.length / 2);
  });

  it('never deploys into an environment before the one in front of it', () => {
    for (const service of model.services) {
      const platform = model.platforms.find(
        candidate => candidate.id === service.platform,
      );
      const arrivals = new Map<string, number>();
      for (const environment of platform?.environments ?? []) {
        for (const { release, hoursAgo } of service.deployments[
          environment.id
        ] ?? []) {
          expect(hoursAgo).toBeLessThan(arrivals.get(release.tag) ?? Infinity);
          arrivals.set(release.tag, hoursAgo);
        }
      }
    }
  });

  it('writes releases as semantic version, digest and commit', () => {
    for (const service of model.services) {
      for (const deployments of Object.values(service.deployments)) {
        const ages = deployments.map(deployment => deployment.hoursAgo);
        expect(ages).toEqual([...ages].sort((left, right) => right - left));
        for (const { release } of deployments) {
          expect(release.tag).toMatch(/^v\d+\.\d+\.\d+$/);
          expect(release.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
          expect(release.commit).toMatch(/^[0-9a-f]{40}$/);
        }
      }
    }
  });

  it('has one persona for each role, and developers of two teams', () => {
    const personas = model.people.filter(person => person.persona);
    expect(personas.map(person => person.persona?.role)).toEqual([
      'viewer',
      'developer',
      'developer',
      'approver',
      'operator',
      'platform-engineer',
      'contractor',
    ]);
    expect(personas[1].groups).not.toEqual(personas[2].groups);
    for (const person of model.people) {
      expect(person.email).toMatch(/^[a-z.]+@slipway\.example$/);
    }
  });

  it('has one persona whom the catalog does not know, and who owns nothing', () => {
    const strangers = model.people.filter(person => !person.inCatalog);
    expect(strangers).toMatchObject([
      { persona: { role: 'contractor' }, groups: [] },
    ]);
  });

  it('leaves exactly the documented applications without a binding', () => {
    const known = model.platforms.flatMap(platform =>
      servicesOf(model, platform.id).flatMap(service =>
        platform.environments.map(environment =>
          applicationName(service, environment),
        ),
      ),
    );
    expect(model.unboundApplications).toHaveLength(3);
    for (const name of model.unboundApplications) {
      expect(known).toContain(name);
    }
  });

  it('names namespaces and sizes as the documents do', () => {
    const [commerce, n9] = model.platforms;
    const checkout = servicesOf(model, 'microservices').find(
      service => service.name === 'checkout',
    );
    const [api, , , scheduler] = servicesOf(model, 'n9');
    expect(
      commerce.environments.map(environment =>
        namespaceOf({ domain: checkout?.domain ?? '' }, environment),
      ),
    ).toEqual([
      'core-business-dev',
      'core-business-staging',
      'core-business-prod',
    ]);
    expect(
      n9.environments.map(environment => namespaceOf(api, environment)),
    ).toEqual(['n9-staging', 'n9-production', 'n9-recovery']);
    expect(
      n9.environments.map(environment => scaleOf(api, environment).replicas),
    ).toEqual([2, 3, 1]);
    expect(scaleOf(scheduler, n9.environments[2]).replicas).toBe(0);
  });
});
