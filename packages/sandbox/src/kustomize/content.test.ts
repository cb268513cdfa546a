import { gitopsRepository } from '../content';
import { createModel, releaseIn } from '../model';
import {
  kubectlKustomizeAll,
  whyNoKubectl,
} from './__testUtils__/kubectlKustomize';
import { KubernetesObject } from './objects';
import { renderKustomization } from './render';
import { fileSourceOf } from './source';

const noKubectl = whyNoKubectl();
const differential = noKubectl ? describe.skip : describe;
const model = createModel({ seed: 1 });

function byIdentity(objects: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(
    (objects as KubernetesObject[]).map(object => [
      `${object.apiVersion}/${object.kind}/${object.metadata.namespace}/${object.metadata.name}`,
      object,
    ]),
  );
}

differential(
  `the overlays of the sandbox${noKubectl ? ` (skipped: ${noKubectl})` : ''}`,
  () => {
    // Slow: one process of kubectl for each folder.
    it.each(model.platforms.map(platform => [platform.id, platform] as const))(
      'of %s render here as kubectl renders them',
      (_, platform) => {
        const files = gitopsRepository({
          model,
          platform,
          repoUrl: 'http://localhost/gitops.git',
          release: (service, environment) => releaseIn(service, environment.id),
        });
        const paths = [...files.keys()]
          .filter(path =>
            /\/(overlays\/[^/]+|resources)\/kustomization\.yaml$/.test(path),
          )
          .map(path => path.replace(/\/kustomization\.yaml$/, ''));
        expect(paths.length).toBeGreaterThan(5);
        const real = kubectlKustomizeAll({ files, paths });
        for (const path of paths) {
          const ours = renderKustomization({
            files: fileSourceOf(files),
            path,
          });
          expect(byIdentity(ours)).toEqual(byIdentity(real.get(path) ?? []));
        }
      },
      180_000,
    );
  },
);
