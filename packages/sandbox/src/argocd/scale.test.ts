import {
  applicationManifest,
  overlay,
  REPO,
  service,
  startHarness,
  tree,
} from './__testUtils__/harness';

const SERVICES = 500;

describe('many applications', () => {
  // Slow on purpose: the point is that time grows with what changed.
  it('C3: compares them all after a commit that changes one, and renders one', async () => {
    const names = Array.from(
      { length: SERVICES },
      (_, index) => `svc-${index}`,
    );
    const harness = await startHarness({
      // At this speed polling alone would keep the machine busy.
      simulator: { pollSeconds: 1_000_000 },
      files: {
        ...tree(
          Object.fromEntries(
            names.map(name => [
              name,
              applicationManifest({
                name,
                path: `apps/${name}/overlays/dev`,
                automated: { prune: true, selfHeal: true },
              }),
            ]),
          ),
        ),
        ...Object.assign(
          {},
          ...names.map(name => service({ name, tag: '1.0.0', replicas: 1 })),
        ),
      },
    });
    try {
      expect(harness.argocd.applications()).toHaveLength(SERVICES + 1);
      const start = process.cpuUsage();
      const sha = harness.repositories.commit({
        repoUrl: REPO,
        files: overlay({ name: 'svc-7', tag: '2.0.0', replicas: 1 }),
      });
      await harness.argocd.settled();
      // Work, not time: the machine may be busy with something else.
      const { user, system } = process.cpuUsage(start);
      const seconds = (user + system) / 1e6;
      const applications = harness.argocd.applications();
      expect(applications.every(({ revision }) => revision === sha)).toBe(true);
      expect(
        applications
          .filter(({ images }) => images.includes('shop/svc-7:2.0.0'))
          .map(({ name }) => name),
      ).toEqual(['svc-7']);
      expect(seconds).toBeLessThan(5);
    } finally {
      await harness.close();
    }
  }, 60_000);
});
