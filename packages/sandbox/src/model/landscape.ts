import type { Domain, Infrastructure, System } from './types';

/** Domains of the catalog: namespaces are named after them. */
export const domains: readonly Domain[] = [
  {
    name: 'core-business',
    title: 'Core business',
    description: 'What a customer buys, and how it reaches them.',
    platform: 'microservices',
    owner: 'commerce',
  },
  {
    name: 'platform',
    title: 'Platform',
    description: 'What every part of the shop uses.',
    platform: 'microservices',
    owner: 'commerce',
  },
  {
    name: 'infrastructure',
    title: 'Infrastructure',
    description: 'Databases, caches and runtimes in the clusters.',
    platform: 'microservices',
    owner: 'technology',
  },
  {
    name: 'n9',
    title: 'N9',
    description: 'The N9 product in two regions.',
    platform: 'n9',
    owner: 'n9',
  },
];

/** Systems of the catalog. */
export const systems: readonly System[] = [
  system(
    'ordering',
    'Ordering',
    'core-business',
    'checkout-team',
    'Cart, checkout and orders.',
  ),
  system(
    'payments',
    'Payments',
    'core-business',
    'payments-team',
    'Prices, taxes and payments.',
  ),
  system(
    'merchandising',
    'Merchandising',
    'core-business',
    'catalog-team',
    'Products, stock and media.',
  ),
  system(
    'customers',
    'Customers',
    'core-business',
    'customer-team',
    'Who buys, and how they are kept informed.',
  ),
  system(
    'logistics',
    'Logistics',
    'core-business',
    'logistics-team',
    'From the warehouse to the door, and back.',
  ),
  system(
    'identity',
    'Identity',
    'platform',
    'customer-team',
    'Accounts and sign-in.',
  ),
  system(
    'discovery',
    'Discovery',
    'platform',
    'catalog-team',
    'Search, reviews, recommendations and figures.',
  ),
  system(
    'storefront',
    'Storefront',
    'platform',
    'web-team',
    'Shop, back office and gateway.',
  ),
  system(
    'data-layer',
    'Data layer',
    'infrastructure',
    'platform-engineering',
    'PostgreSQL, Redis and Dapr in every cluster.',
  ),
  system(
    'n9-product',
    'N9 product',
    'n9',
    'n9-core',
    'What users of N9 talk to.',
  ),
  system(
    'n9-processing',
    'N9 processing',
    'n9',
    'n9-jobs',
    'What N9 does in the background.',
  ),
  system(
    'n9-data',
    'N9 data',
    'n9',
    'platform-engineering',
    'Managed databases, caches and buckets of N9.',
  ),
];

/** What services stand on. Those with a workload are wave 0. */
export const infrastructure: readonly Infrastructure[] = [
  {
    name: 'postgresql',
    title: 'PostgreSQL',
    description: 'PostgreSQL 15, primary and replica.',
    platform: 'microservices',
    type: 'database',
    owner: 'platform-engineering',
    system: 'data-layer',
    workload: {
      kind: 'StatefulSet',
      image: 'docker.io/library/postgres',
      tag: '15.18',
      port: 5432,
      folder: 'databases',
      storage: '100Gi',
    },
  },
  {
    name: 'redis',
    title: 'Redis',
    description: 'Redis 7: cache and message broker (Redis Streams).',
    platform: 'microservices',
    type: 'cache',
    owner: 'platform-engineering',
    system: 'data-layer',
    workload: {
      kind: 'StatefulSet',
      image: 'docker.io/library/redis',
      tag: '7.4.6',
      port: 6379,
      folder: 'databases',
      storage: '50Gi',
    },
  },
  {
    name: 'dapr',
    title: 'Dapr',
    description: 'Control plane of the sidecars.',
    platform: 'microservices',
    type: 'runtime',
    owner: 'platform-engineering',
    system: 'data-layer',
    workload: {
      kind: 'Deployment',
      image: 'ghcr.io/dapr/operator',
      tag: '1.16.4',
      port: 6500,
      folder: 'runtime',
    },
  },
  {
    name: 'n9-aurora',
    title: 'N9 Aurora PostgreSQL',
    description: 'RDS Aurora with a read replica in us-west-2.',
    platform: 'n9',
    type: 'database',
    owner: 'platform-engineering',
    system: 'n9-data',
  },
  {
    name: 'n9-cache',
    title: 'N9 ElastiCache',
    description: 'Redis as an AWS service; rebuilt from the database.',
    platform: 'n9',
    type: 'cache',
    owner: 'platform-engineering',
    system: 'n9-data',
  },
  {
    name: 'n9-search',
    title: 'N9 OpenSearch',
    description: 'Full-text index of the API.',
    platform: 'n9',
    type: 'search-index',
    owner: 'platform-engineering',
    system: 'n9-data',
  },
  {
    name: 'n9-files',
    title: 'N9 files',
    description: 'S3 bucket, replicated to us-west-2.',
    platform: 'n9',
    type: 'bucket',
    owner: 'platform-engineering',
    system: 'n9-data',
  },
];

function system(
  name: string,
  title: string,
  domain: string,
  owner: string,
  description: string,
): System {
  return { name, title, description, domain, owner };
}
