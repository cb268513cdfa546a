/**
 * Whom one of Backstage's own permissions, or another plugin's, is granted to.
 *
 * - `everyone`: whoever is signed in.
 * - `entity-owners`: the owners of the entity, and platform engineers.
 * - `task-owners`: whoever started the task, and platform engineers.
 * - `platform-engineers`: nobody else.
 */
export type PlatformAudience =
  | 'everyone'
  | 'entity-owners'
  | 'task-owners'
  | 'platform-engineers';

/** Whom each permission is granted to, by its name. */
export type PlatformGrants = {
  readonly [permission: string]: PlatformAudience | undefined;
};

/**
 * Backstage's own permissions. Search, notifications and settings ask for none of
 * their own: search shows what `catalog.entity.read` allows, the others show each
 * person their own. Tests compare the names with those that the packages declare.
 */
export const PLATFORM_GRANTS: PlatformGrants = {
  'catalog.entity.read': 'everyone',
  'catalog.entity.refresh': 'entity-owners',
  'catalog.entity.delete': 'entity-owners',
  // Offers registration in the pages, which is location.create
  'catalog.entity.create': 'platform-engineers',
  // Says whether a text is an entity, and does nothing with it
  'catalog.entity.validate': 'everyone',
  'catalog.location.read': 'everyone',
  // Has the backend fetch a URL that the caller names
  'catalog.location.analyze': 'platform-engineers',
  'catalog.location.create': 'platform-engineers',
  'catalog.location.delete': 'platform-engineers',
  'catalog.ingestion.read': 'platform-engineers',
  'catalog.ingestion.manage': 'platform-engineers',

  'scaffolder.action.execute': 'everyone',
  'scaffolder.template.parameter.read': 'everyone',
  'scaffolder.template.step.read': 'everyone',
  'scaffolder.template.dry-run': 'everyone',
  'scaffolder.template.management': 'platform-engineers',
  'scaffolder.task.create': 'everyone',
  'scaffolder.task.read': 'task-owners',
  'scaffolder.task.cancel': 'task-owners',

  'devtools.administer': 'platform-engineers',
  'devtools.info': 'platform-engineers',
  'devtools.config': 'platform-engineers',
  'devtools.external-dependencies': 'platform-engineers',
  'devtools.scheduler.read': 'platform-engineers',
  'devtools.scheduler.trigger': 'platform-engineers',

  // Not bound to a service by anything but an annotation, which developers write
  'kubernetes.proxy': 'platform-engineers',
  'kubernetes.resources.read': 'platform-engineers',
  'kubernetes.clusters.read': 'platform-engineers',
};
