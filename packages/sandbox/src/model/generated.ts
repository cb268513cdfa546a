import { createRandom } from './random';
import type { ServiceSketch } from './services';
import type { System } from './types';

/** The most services that a model can have. */
export const MOST_SERVICES = 5000;

/** How many generated services share one generated system. */
const PER_SYSTEM = 40;

const subjects = [
  'account',
  'address',
  'batch',
  'billing',
  'booking',
  'campaign',
  'claim',
  'coupon',
  'export',
  'feed',
  'fraud',
  'import',
  'invoice',
  'ledger',
  'partner',
  'quote',
  'report',
  'stock',
  'supplier',
  'token',
] as const;

const roles = ['api', 'worker', 'gateway', 'sync', 'store'] as const;

const teams = [
  'checkout-team',
  'payments-team',
  'catalog-team',
  'customer-team',
  'logistics-team',
  'web-team',
] as const;

/**
 * Services beyond the named ones, for benchmarks: spread over both platforms
 * (every fifth is N9), both domains, waves 1 to 4, and systems of forty.
 */
export function generateServices(options: { seed: number; count: number }): {
  services: ServiceSketch[];
  systems: System[];
} {
  const { seed, count } = options;
  const systems = new Map<string, System>();
  const services = Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    const random = createRandom({ seed, name: `generated-${number}` });
    const isN9 = index % 5 === 4;
    const wave = 1 + random.below(4);
    const subject = random.pick(subjects);
    const role = random.pick(roles);
    const domain = isN9
      ? 'n9'
      : random.pick(['core-business', 'platform'] as const);
    const owner = isN9
      ? random.pick(['n9-core', 'n9-jobs'] as const)
      : random.pick(teams);
    const area = String(Math.floor(index / PER_SYSTEM) + 1).padStart(3, '0');
    const system = `${domain}-area-${area}`;
    systems.set(system, {
      name: system,
      title: `Area ${area} (${domain})`,
      description: 'Generated services for measurements.',
      domain,
      owner,
    });
    const sketch: ServiceSketch = {
      name: `${isN9 ? 'n9-' : ''}${subject}-${role}-${number}`,
      title: `${capitalise(subject)} ${role} ${number}`,
      description: 'A generated service for measurements.',
      platform: isN9 ? 'n9' : 'microservices',
      domain,
      system,
      owner,
      kind: 'service',
      language: isN9 ? 'java' : 'go',
      tier: random.pick(['critical', 'standard', 'background'] as const),
      ports: isN9 ? { http: 8080 } : { http: 8000, grpc: 9000 },
      wave,
      dependsOn: [isN9 ? 'n9-api' : 'auth'],
      uses: isN9 ? ['n9-cache'] : ['redis'],
      migrates: false,
      autoscaled: false,
      scale: {},
    };
    return sketch;
  });
  return { services, systems: [...systems.values()] };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
