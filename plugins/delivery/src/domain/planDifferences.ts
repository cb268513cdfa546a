import {
  ActionPlan,
  ResourceChange,
  ResourceIdentity,
  sameBuild,
} from '@slipway/plugin-delivery-common';

/** One thing that a newer plan says differently. */
export type PlanDifference =
  | { kind: 'sentence'; change: 'new' | 'gone'; text: string }
  | {
      kind: 'resource';
      change: 'new' | 'gone';
      resource: ResourceChange;
    }
  /** Another release would be put back, or taken back. */
  | { kind: 'release' }
  /** The commit would have other contents. */
  | { kind: 'files' };

/**
 * What a plan says differently from the one that a person has read, the most
 * important first: why it is impossible, what must not be overlooked, what
 * happens, to which resources.
 */
export function planDifferences(
  before: ActionPlan,
  after: ActionPlan,
): PlanDifference[] {
  return [
    ...sentences(blockedReason(before), blockedReason(after)),
    ...releases(before, after),
    ...sentences(before.warnings, after.warnings),
    ...sentences(before.steps, after.steps),
    ...files(before, after),
    ...resources(before.changes ?? [], after.changes ?? []),
  ];
}

/** Tells resources of an application apart. */
export function resourceKey(resource: ResourceIdentity): string {
  const { group, kind, namespace = '', name } = resource;
  return [group, kind, namespace, name].join('/');
}

function blockedReason({ blocked }: ActionPlan): string[] {
  return blocked ? [blocked.reason] : [];
}

function sentences(before: string[], after: string[]): PlanDifference[] {
  return [
    ...missingFrom(before, after).map(
      (text): PlanDifference => ({ kind: 'sentence', change: 'new', text }),
    ),
    ...missingFrom(after, before).map(
      (text): PlanDifference => ({ kind: 'sentence', change: 'gone', text }),
    ),
  ];
}

function missingFrom(known: string[], texts: string[]): string[] {
  return texts.filter(text => !known.includes(text));
}

function releases(before: ActionPlan, after: ActionPlan): PlanDifference[] {
  const { revert: a } = before;
  const { revert: b } = after;
  const same =
    a === undefined ||
    b === undefined ||
    (sameBuild(a.from, b.from) && sameBuild(a.to, b.to));
  return same ? [] : [{ kind: 'release' }];
}

function files(before: ActionPlan, after: ActionPlan): PlanDifference[] {
  const { revert: a } = before;
  const { revert: b } = after;
  if (a === undefined || b === undefined) {
    return [];
  }
  const contents = (plan: typeof a) =>
    JSON.stringify(plan.files.map(({ path, patch }) => [path, patch]).sort());
  return contents(a) === contents(b) ? [] : [{ kind: 'files' }];
}

function resources(
  before: ResourceChange[],
  after: ResourceChange[],
): PlanDifference[] {
  const key = (resource: ResourceChange) =>
    `${resource.change} ${resourceKey(resource)}`;
  const known = new Set(before.map(key));
  const present = new Set(after.map(key));
  return [
    ...after
      .filter(resource => !known.has(key(resource)))
      .map(
        (resource): PlanDifference => ({
          kind: 'resource',
          change: 'new',
          resource,
        }),
      ),
    ...before
      .filter(resource => !present.has(key(resource)))
      .map(
        (resource): PlanDifference => ({
          kind: 'resource',
          change: 'gone',
          resource,
        }),
      ),
  ];
}
