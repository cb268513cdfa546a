import { Role } from './roles';

/**
 * Where a role allows something.
 *
 * - `guarded`: in the environments that are guarded, `unguarded`: in the others.
 */
export type Extent = 'nowhere' | 'everywhere' | 'guarded' | 'unguarded';

/** Where each role allows one thing. What one role does not, another one may. */
export type DeliveryGrant = { readonly [role in Role]: Extent };

/** What each permission of deliveries is granted to. */
export type DeliveryGrants = {
  readonly [permission: string]: DeliveryGrant | undefined;
};

/**
 * Who may do what with deployments. The README shows this table, and a test
 * compares the two.
 *
 * Whoever changes what runs must answer for it: owners do so where a mistake
 * costs them a test environment; where it costs customers, it takes the people
 * who are on duty. Approvers let into production what git already asks for, and
 * nothing else: they neither end what is under way nor write to git.
 */
export const DELIVERY_GRANTS: DeliveryGrants = {
  'delivery.deployment.read': {
    everyone: 'everywhere',
    owner: 'everywhere',
    approver: 'everywhere',
    operator: 'everywhere',
    'platform-engineer': 'everywhere',
  },
  'delivery.activity.read': {
    everyone: 'nowhere',
    owner: 'everywhere',
    approver: 'everywhere',
    operator: 'everywhere',
    'platform-engineer': 'everywhere',
  },
  'delivery.deployment.refresh': {
    everyone: 'nowhere',
    owner: 'everywhere',
    approver: 'everywhere',
    operator: 'everywhere',
    'platform-engineer': 'everywhere',
  },
  'delivery.deployment.sync': {
    everyone: 'nowhere',
    owner: 'unguarded',
    approver: 'guarded',
    operator: 'everywhere',
    'platform-engineer': 'everywhere',
  },
  'delivery.deployment.terminate': {
    everyone: 'nowhere',
    owner: 'unguarded',
    approver: 'nowhere',
    operator: 'everywhere',
    'platform-engineer': 'everywhere',
  },
  'delivery.deployment.revert': {
    everyone: 'nowhere',
    owner: 'unguarded',
    approver: 'nowhere',
    operator: 'everywhere',
    'platform-engineer': 'everywhere',
  },
};

/** Permission of which `readers` says whether everyone has it. */
const READ = 'delivery.deployment.read';

/**
 * The table for portals in which only those who have to do with a service may see
 * where it runs.
 */
export function withMembersAsReaders(grants: DeliveryGrants): DeliveryGrants {
  const read = grants[READ];
  return read
    ? { ...grants, [READ]: { ...read, everyone: 'nowhere' } }
    : grants;
}
