import {
  Deployment,
  EnvironmentDifference,
  Release,
  releaseLabel,
} from '@slipway/plugin-delivery-common';
import semver from 'semver';
import { hasImage, sameRelease } from './releases';

/** What of an environment is compared: its title and what runs there. */
export type ComparedEnvironment = {
  id: string;
  title: string;
  deployments: Pick<Deployment, 'serving' | 'replicas' | 'policy'>[];
};

/**
 * What differs between an environment and the one before it. Where one of them
 * has several targets, its first one speaks for it, and that the others serve
 * something else is a difference of its own.
 *
 * @returns `undefined` when one of them has no deployment to compare.
 */
export function differenceTo(options: {
  before: ComparedEnvironment;
  environment: ComparedEnvironment;
}): EnvironmentDifference | undefined {
  const { before, environment } = options;
  const [a] = before.deployments;
  const [b] = environment.deployments;
  if (!a || !b) {
    return undefined;
  }
  const release = compareReleases({ before: a.serving, here: b.serving });
  return {
    from: before.id,
    release,
    sentences: [
      ...releaseSentences({ release, before, environment }),
      ...targetSentences(environment),
      ...replicaSentences({ before, environment }),
      ...policySentences({ before, environment }),
    ],
  };
}

/**
 * Which of two releases is newer, as far as their tags say it: semantic
 * versions, with or without a leading `v`. Digests decide whether they are the
 * same; they never say which is newer.
 */
export function compareReleases(options: {
  before: Release | undefined;
  here: Release | undefined;
}): EnvironmentDifference['release'] {
  const { before, here } = options;
  if (!before || !here) {
    return 'unknown';
  }
  if (sameRelease(before, here)) {
    return 'same';
  }
  if (hasImage(before) !== hasImage(here)) {
    return 'unknown';
  }
  const versionBefore = semver.parse(before.tag, { loose: true });
  const versionHere = semver.parse(here.tag, { loose: true });
  if (!versionBefore || !versionHere || before.image !== here.image) {
    return 'different';
  }
  const order = semver.compareBuild(versionHere, versionBefore);
  if (order === 0) {
    return 'different';
  }
  return order < 0 ? 'behind' : 'ahead';
}

function releaseSentences(options: {
  release: EnvironmentDifference['release'];
  before: ComparedEnvironment;
  environment: ComparedEnvironment;
}): string[] {
  const { release, before, environment } = options;
  const a = before.deployments[0].serving;
  const b = environment.deployments[0].serving;
  const labelA = releaseLabel(a) ?? 'an unnamed release';
  const labelB = releaseLabel(b) ?? 'an unnamed release';
  switch (release) {
    case 'same':
      return revisionSentences({ before, environment });
    case 'behind':
    case 'ahead':
      return [
        `${environment.title} serves ${labelB}, ${
          release === 'behind' ? 'older' : 'newer'
        } than ${labelA} in ${before.title}.`,
      ];
    case 'different':
      return labelA === labelB
        ? [
            `${environment.title} and ${
              before.title
            } both call it ${labelB}, but it is not the same build: ${digestOf(
              b,
            )} here, ${digestOf(a)} there.`,
          ]
        : [
            `${environment.title} serves ${labelB}, ${before.title} serves ${labelA}.`,
          ];
    case 'unknown':
      return [unknownSentence({ before, environment })];
    default: {
      const exhausted: never = release;
      throw new TypeError(`Unexpected difference ${exhausted}`);
    }
  }
}

function unknownSentence(options: {
  before: ComparedEnvironment;
  environment: ComparedEnvironment;
}): string {
  const { before, environment } = options;
  if (!environment.deployments[0].serving) {
    return `It is not known what ${environment.title} serves.`;
  }
  if (!before.deployments[0].serving) {
    return `It is not known what ${before.title} serves.`;
  }
  return `The image is known in one of ${before.title} and ${environment.title} only.`;
}

function digestOf(release: Release | undefined): string {
  return release?.digest
    ? release.digest.slice(0, 'sha256:'.length + 7)
    : release?.image ?? 'another image';
}

/** C3: the same build can be deployed with other manifests. */
function revisionSentences(options: {
  before: ComparedEnvironment;
  environment: ComparedEnvironment;
}): string[] {
  const { before, environment } = options;
  const here = environment.deployments[0].serving?.revisions[0];
  const there = before.deployments[0].serving?.revisions[0];
  if (
    !here ||
    !there ||
    here.revision === there.revision ||
    here.repoUrl !== there.repoUrl
  ) {
    return [];
  }
  const short = ({ kind, revision }: typeof here) =>
    kind === 'git' ? revision.slice(0, 7) : revision;
  return [
    `The build is the same; ${environment.title} was deployed from ${short(
      here,
    )}, ${before.title} from ${short(there)}.`,
  ];
}

function targetSentences(environment: ComparedEnvironment): string[] {
  const [first, ...others] = environment.deployments;
  const labels = others
    .filter(
      ({ serving }) =>
        serving !== undefined &&
        first.serving !== undefined &&
        !sameRelease(serving, first.serving),
    )
    .map(({ serving }) => releaseLabel(serving) ?? 'an unnamed release');
  return labels.length > 0
    ? [
        `Its targets differ: ${[
          releaseLabel(first.serving) ?? 'an unnamed release',
          ...labels,
        ].join(', ')}.`,
      ]
    : [];
}

function replicaSentences(options: {
  before: ComparedEnvironment;
  environment: ComparedEnvironment;
}): string[] {
  const { before, environment } = options;
  const here = replicasOf(environment);
  const there = replicasOf(before);
  return here !== undefined && there !== undefined && here !== there
    ? [`${environment.title} runs ${replicas(here)}, ${before.title} ${there}.`]
    : [];
}

function replicasOf({ deployments }: ComparedEnvironment): number | undefined {
  return deployments[0].replicas?.available;
}

function replicas(count: number): string {
  return count === 1 ? '1 replica' : `${count} replicas`;
}

function policySentences(options: {
  before: ComparedEnvironment;
  environment: ComparedEnvironment;
}): string[] {
  const { before, environment } = options;
  const here = environment.deployments[0].policy;
  const there = before.deployments[0].policy;
  if (!here || !there) {
    return [];
  }
  if (here.automated !== there.automated) {
    return [
      here.automated
        ? `${environment.title} is synced by Argo CD, ${before.title} by hand.`
        : `${environment.title} is synced by hand, ${before.title} by Argo CD.`,
    ];
  }
  if (here.automated && here.selfHeal !== there.selfHeal) {
    return [
      here.selfHeal
        ? `Changes in the cluster are undone in ${environment.title} but not in ${before.title}.`
        : `Changes in the cluster are undone in ${before.title} but not in ${environment.title}.`,
    ];
  }
  return [];
}
