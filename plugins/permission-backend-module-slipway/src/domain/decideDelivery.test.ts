import { decideDelivery, DeploymentCriteria } from './decideDelivery';
import {
  DELIVERY_GRANTS,
  DeliveryGrants,
  withMembersAsReaders,
} from './deliveryGrants';

const GROUPS = {
  approver: ['group:default/production-approvers'],
  operator: ['group:default/operations', 'group:default/on-call'],
  'platform-engineer': ['group:default/platform-engineering'],
};

/** What each of them owns things as. */
const PEOPLE: { [name: string]: string[] } = {
  viewer: [],
  owner: ['group:default/checkout-team'],
  approver: ['group:default/production-approvers'],
  'owner and approver': [
    'group:default/checkout-team',
    'group:default/production-approvers',
  ],
  operator: ['group:default/on-call'],
  'platform engineer': ['group:default/platform-engineering'],
};

function decide(options: {
  permission: string;
  person: string;
  grants?: DeliveryGrants;
  guarded?: string[];
}) {
  const { permission, person } = options;
  return decideDelivery({
    permission,
    person: {
      userRef: 'user:default/ada',
      ownershipRefs: ['user:default/ada', ...(PEOPLE[person] ?? [person])],
    },
    grants: options.grants ?? DELIVERY_GRANTS,
    groups: GROUPS,
    guarded: options.guarded ?? ['production', 'recovery'],
  });
}

/** Whether a service in an environment is like what is asked for. */
function meets(
  criteria: DeploymentCriteria,
  deployment: { owners: string[]; environment: string },
): boolean {
  if ('ownedBy' in criteria) {
    return deployment.owners.some(owner => criteria.ownedBy.includes(owner));
  }
  if ('inEnvironment' in criteria) {
    return criteria.inEnvironment.includes(deployment.environment);
  }
  if ('not' in criteria) {
    return !meets(criteria.not, deployment);
  }
  return 'allOf' in criteria
    ? criteria.allOf.every(one => meets(one, deployment))
    : criteria.anyOf.some(one => meets(one, deployment));
}

/** Where somebody may: `own` services or `all`, in `staging` or `production`. */
function placesOf(decision: ReturnType<typeof decide>): string {
  const places = ['own', 'other'].flatMap(whose =>
    ['staging', 'production'].map(environment => ({ whose, environment })),
  );
  return places
    .filter(({ whose, environment }) => {
      switch (decision.result) {
        case 'allow':
          return true;
        case 'deny':
          return false;
        default:
          return meets(decision.criteria, {
            owners: [
              whose === 'own'
                ? 'group:default/checkout-team'
                : 'group:default/payments-team',
            ],
            environment,
          });
      }
    })
    .map(({ whose, environment }) => `${whose} ${environment}`)
    .join(', ');
}

const EVERYWHERE =
  'own staging, own production, other staging, other production';

describe('what is decided of deliveries', () => {
  it.each([
    ['delivery.deployment.read', 'viewer', EVERYWHERE],
    ['delivery.deployment.read', 'owner', EVERYWHERE],
    ['delivery.activity.read', 'viewer', ''],
    ['delivery.activity.read', 'owner', 'own staging, own production'],
    ['delivery.activity.read', 'approver', EVERYWHERE],
    ['delivery.deployment.refresh', 'viewer', ''],
    ['delivery.deployment.refresh', 'owner', 'own staging, own production'],
    ['delivery.deployment.refresh', 'approver', EVERYWHERE],
    ['delivery.deployment.sync', 'viewer', ''],
    ['delivery.deployment.sync', 'owner', 'own staging'],
    [
      'delivery.deployment.sync',
      'approver',
      'own production, other production',
    ],
    [
      'delivery.deployment.sync',
      'owner and approver',
      'own staging, own production, other production',
    ],
    ['delivery.deployment.sync', 'operator', EVERYWHERE],
    ['delivery.deployment.sync', 'platform engineer', EVERYWHERE],
    ['delivery.deployment.terminate', 'owner', 'own staging'],
    ['delivery.deployment.terminate', 'approver', ''],
    ['delivery.deployment.terminate', 'owner and approver', 'own staging'],
    ['delivery.deployment.terminate', 'operator', EVERYWHERE],
    ['delivery.deployment.revert', 'owner', 'own staging'],
    ['delivery.deployment.revert', 'approver', ''],
    ['delivery.deployment.revert', 'platform engineer', EVERYWHERE],
  ])('lets %s be had by the %s for: %s', (permission, person, places) => {
    expect(placesOf(decide({ permission, person }))).toBe(places);
  });

  it('allows without conditions where nothing depends on the deployment, so that lists need no filter', () => {
    expect(
      decide({ permission: 'delivery.activity.read', person: 'operator' }),
    ).toEqual({ result: 'allow' });
  });

  it.each([
    'delivery.deployment.delete',
    'delivery.',
    'delivery.deployment.sync ',
    'constructor',
    '__proto__',
  ])('denies %j to everybody, because the table does not name it', name => {
    expect(decide({ permission: name, person: 'platform engineer' })).toEqual({
      result: 'deny',
    });
  });

  it('takes no group of the same name in another namespace for one of its own', () => {
    expect(
      decide({
        permission: 'delivery.deployment.revert',
        person: 'group:elsewhere/operations',
      }).result,
    ).toBe('conditional');
  });

  it('tells groups in any case', () => {
    expect(
      decide({
        permission: 'delivery.deployment.revert',
        person: 'Group:Default/Operations',
      }),
    ).toEqual({ result: 'allow' });
  });

  it('asks owners for nothing more where no environment is guarded', () => {
    const { result } = decide({
      permission: 'delivery.deployment.sync',
      person: 'owner',
      guarded: [],
    });
    expect(result).toBe('conditional');
    expect(
      placesOf(
        decide({
          permission: 'delivery.deployment.sync',
          person: 'owner',
          guarded: [],
        }),
      ),
    ).toBe('own staging, own production');
  });

  it('shows deployments to members only, where the portal is set so', () => {
    const read = (person: string) =>
      placesOf(
        decide({
          permission: 'delivery.deployment.read',
          person,
          grants: withMembersAsReaders(DELIVERY_GRANTS),
        }),
      );
    expect(read('viewer')).toBe('');
    expect(read('owner')).toBe('own staging, own production');
    expect(read('approver')).toBe(EVERYWHERE);
    expect(read('operator')).toBe(EVERYWHERE);
  });
});

describe('the rules for any table', () => {
  const nowhere = {
    everyone: 'nowhere',
    owner: 'nowhere',
    approver: 'nowhere',
    operator: 'nowhere',
    'platform-engineer': 'nowhere',
  } as const;

  it.each([
    ['guarded', 'own production'],
    ['unguarded', 'own staging'],
    ['everywhere', 'own staging, own production'],
    ['nowhere', ''],
  ] as const)('let owners have what is theirs %s', (owner, places) => {
    const decision = decide({
      permission: 'x',
      person: 'owner',
      grants: { x: { ...nowhere, owner } },
    });
    expect(placesOf(decision)).toBe(places);
  });

  it('add up what several roles allow', () => {
    const decision = decide({
      permission: 'x',
      person: 'approver',
      grants: {
        x: { ...nowhere, everyone: 'unguarded', approver: 'guarded' },
      },
    });
    expect(decision).toEqual({ result: 'allow' });
  });

  it('let everyone have what is unguarded, and owners the rest of theirs', () => {
    const grants: DeliveryGrants = {
      x: { ...nowhere, everyone: 'unguarded', owner: 'everywhere' },
    };
    expect(placesOf(decide({ permission: 'x', person: 'owner', grants }))).toBe(
      'own staging, own production, other staging',
    );
    expect(
      placesOf(decide({ permission: 'x', person: 'viewer', grants })),
    ).toBe('own staging, other staging');
  });
});
