import {
  DEPLOYMENT_STATUSES,
  Deployment,
  EnvironmentDeployments,
  needsAttention,
  releaseLabel,
} from '@slipway/plugin-delivery-common';
import { sameRelease } from './releases';

/**
 * The most important thing to know of where a service runs, in one or two
 * sentences: what is worst and needs somebody; else what is on its way; else
 * what serves where. What is only remembered says so first.
 */
export function headlineOf(environments: EnvironmentDeployments[]): string {
  const all = environments.flatMap(({ environment, deployments }) =>
    deployments.map(deployment => ({ title: environment.title, deployment })),
  );
  if (all.length === 0) {
    return 'No deployment of this service is known.';
  }
  const untrusted = all.filter(
    ({ deployment }) => deployment.observation.state !== 'fresh',
  );
  const stale =
    untrusted.length === 0
      ? ''
      : ` This is what was last seen${
          untrusted.length === all.length
            ? ''
            : ` in ${list(unique(untrusted.map(({ title }) => title)))}`
        }.`;
  const worst = DEPLOYMENT_STATUSES.flatMap(status =>
    // The last environment of the chain comes first: production matters most.
    [...all]
      .reverse()
      .filter(({ deployment }) => deployment.assessment.status === status),
  );
  const [first] = worst;
  const { status } = first.deployment.assessment;
  if (needsAttention(status)) {
    const others = unique(
      worst
        .filter(({ deployment }) =>
          needsAttention(deployment.assessment.status),
        )
        .map(({ title }) => title)
        .filter(title => title !== first.title),
    );
    return `${story(first)}${
      others.length > 0 ? ` Look at ${list(others)}, too.` : ''
    }${stale}`;
  }
  if (status === 'progressing') {
    return `${story(first)}${stale}`;
  }
  return `${servingSentence(all)}${stale}`;
}

function servingSentence(
  all: { title: string; deployment: Deployment }[],
): string {
  const known = all.filter(({ deployment }) => deployment.serving);
  const [first] = known;
  if (!first) {
    return `${list(unique(all.map(({ title }) => title)))} ${
      all.length === 1 ? 'is' : 'are'
    } healthy.`;
  }
  const label = releaseLabel(first.deployment.serving) ?? 'One release';
  if (
    known.every(({ deployment }) =>
      sameRelease(deployment.serving, first.deployment.serving),
    )
  ) {
    return `${label} serves in ${list(unique(known.map(k => k.title)))}.`;
  }
  return `${list(byRelease(known).map(servingWords))}.`;
}

type Place = { title: string; deployment: Deployment };

/** What one environment serves, what git asks of it, and what is the matter. */
function story({ title, deployment }: Place): string {
  const { summary } = deployment.assessment;
  const serving = releaseLabel(deployment.serving);
  const wanted = releaseLabel(deployment.wanted);
  const about = summary.startsWith('It ')
    ? `${title} ${summary.slice('It '.length)}`
    : `${title}: ${summary}`;
  if (
    !serving ||
    !wanted ||
    sameRelease(deployment.serving, deployment.wanted) ||
    summary.includes(serving)
  ) {
    return about;
  }
  return summary.includes(wanted)
    ? `${title} serves ${serving}. ${summary}`
    : `${title} serves ${serving}. Git asks for ${wanted}: ${lowerFirst(
        summary,
      )}`;
}

/** Environments that serve the same, together; the last of the chain first. */
function byRelease(places: Place[]): Place[][] {
  const groups: Place[][] = [];
  for (const place of [...places].reverse()) {
    const group = groups.find(([member]) =>
      sameRelease(member.deployment.serving, place.deployment.serving),
    );
    if (group) {
      group.push(place);
    } else {
      groups.push([place]);
    }
  }
  return groups;
}

function servingWords(places: Place[]): string {
  const titles = unique(places.map(({ title }) => title));
  const label =
    releaseLabel(places[0].deployment.serving) ?? 'an unnamed release';
  return `${list(titles)} ${titles.length === 1 ? 'serves' : 'serve'} ${label}`;
}

function lowerFirst(text: string): string {
  return text.startsWith('It ') ? `i${text.slice(1)}` : text;
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}

function list(texts: string[]): string {
  return texts.length <= 1
    ? texts.join('')
    : `${texts.slice(0, -1).join(', ')} and ${texts[texts.length - 1]}`;
}
