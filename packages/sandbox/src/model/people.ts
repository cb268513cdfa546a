import type { Group, Person } from './types';

/** The organization, its departments and their teams. */
export const groups: readonly Group[] = [
  group(
    'meridian',
    'Meridian',
    'organization',
    undefined,
    'The company whose two platforms this sandbox runs.',
  ),
  group(
    'commerce',
    'Commerce',
    'department',
    'meridian',
    'Everything that sells: from the catalog to the parcel.',
  ),
  group(
    'checkout-team',
    'Checkout team',
    'team',
    'commerce',
    'Cart, checkout, orders.',
  ),
  group(
    'payments-team',
    'Payments team',
    'team',
    'commerce',
    'Payment, prices and taxes.',
  ),
  group(
    'catalog-team',
    'Catalog team',
    'team',
    'commerce',
    'Products, stock, media, reviews and search.',
  ),
  group(
    'customer-team',
    'Customer team',
    'team',
    'commerce',
    'Customers, accounts, loyalty and notifications.',
  ),
  group(
    'logistics-team',
    'Logistics team',
    'team',
    'commerce',
    'Shipping, fulfilment and returns.',
  ),
  group(
    'web-team',
    'Web team',
    'team',
    'commerce',
    'Storefront, back office and the gateway in front of both.',
  ),
  group(
    'product-analytics',
    'Product analytics',
    'team',
    'commerce',
    'Reads everything, changes nothing.',
  ),
  group('n9', 'N9', 'department', 'meridian', 'The N9 product.'),
  group(
    'n9-core',
    'N9 core team',
    'team',
    'n9',
    'API and WebSocket gateway of N9.',
  ),
  group(
    'n9-jobs',
    'N9 jobs team',
    'team',
    'n9',
    'Workers and the scheduler of N9.',
  ),
  group(
    'technology',
    'Technology',
    'department',
    'meridian',
    'What both platforms stand on.',
  ),
  group(
    'platform-engineering',
    'Platform engineering',
    'team',
    'technology',
    'Clusters, GitOps, databases and the portal.',
  ),
  group(
    'operations',
    'Operations',
    'team',
    'technology',
    'Keeps production running.',
  ),
  group(
    'on-call',
    'On call',
    'team',
    'technology',
    'Whoever carries the pager this week.',
  ),
  group(
    'production-approvers',
    'Production approvers',
    'team',
    'technology',
    'May let a release into production.',
  ),
];

/**
 * Everyone of the catalog, and one who is missing from it. The first seven can
 * sign in, one for each role.
 */
export const people: readonly Person[] = [
  {
    ...person('Vera Lindqvist', ['product-analytics']),
    persona: {
      role: 'viewer',
      title: 'Viewer',
      summary: 'Sees every deployment, owns nothing and changes nothing.',
    },
  },
  {
    ...person('Tomas Okafor', ['checkout-team']),
    persona: {
      role: 'developer',
      title: 'Developer, checkout team',
      summary: 'Owns cart, checkout and order.',
    },
  },
  {
    ...person('Priya Raman', ['payments-team']),
    persona: {
      role: 'developer',
      title: 'Developer, payments team',
      summary: 'Owns payment, pricing and tax.',
    },
  },
  {
    ...person('Helena Brandt', ['production-approvers']),
    persona: {
      role: 'approver',
      title: 'Approver',
      summary: 'Lets releases into production, or refuses them.',
    },
  },
  {
    ...person('Marco Silva', ['operations', 'on-call']),
    persona: {
      role: 'operator',
      title: 'Operator on call',
      summary: 'Acts when something burns: sync, abort, roll back, fail over.',
    },
  },
  {
    ...person('Aiko Tanaka', ['platform-engineering']),
    persona: {
      role: 'platform-engineer',
      title: 'Platform engineer',
      summary: 'Runs the clusters, the GitOps repositories and this portal.',
    },
  },
  {
    ...person('Casey Quinn', []),
    inCatalog: false,
    persona: {
      role: 'contractor',
      title: 'Contractor, not in the catalog',
      summary:
        'Has an account at the provider, but nobody has added them to the catalog.',
    },
  },
  person('Jonas Weber', ['checkout-team']),
  person('Amara Diallo', ['checkout-team']),
  person('Lucia Moreno', ['payments-team', 'production-approvers']),
  person('Kenji Mori', ['payments-team']),
  person('Nadia Haddad', ['catalog-team']),
  person('Oliver Grant', ['catalog-team']),
  person('Sofia Petrova', ['customer-team']),
  person('Daniel Mensah', ['customer-team']),
  person('Ingrid Solberg', ['logistics-team']),
  person('Mateus Rocha', ['logistics-team']),
  person('Chloe Martin', ['web-team']),
  person('Arjun Nair', ['web-team']),
  person('Hannah Cole', ['n9-core', 'production-approvers']),
  person('Yusuf Demir', ['n9-core']),
  person('Mei Chen', ['n9-jobs']),
  person('Erik Johansson', ['platform-engineering', 'on-call']),
  person('Grace Kimani', ['operations']),
];

function group(
  name: string,
  title: string,
  type: Group['type'],
  parent: string | undefined,
  description: string,
): Group {
  return { name, title, description, type, parent };
}

function person(displayName: string, memberOf: readonly string[]): Person {
  const name = displayName.toLowerCase().replace(' ', '.');
  return {
    name,
    displayName,
    email: `${name}@slipway.example`,
    groups: memberOf,
    inCatalog: true,
  };
}
