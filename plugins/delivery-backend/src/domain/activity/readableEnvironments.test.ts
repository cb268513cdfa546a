import fc from 'fast-check';
import { DeploymentFilter } from '@slipway/plugin-delivery-node';
import { includes, isEmpty } from './environmentSet';
import {
  DeploymentFilterCriteria,
  readableEnvironments,
} from './readableEnvironments';

const mine: DeploymentFilter = { key: 'owner', values: ['group:default/mine'] };
const guarded: DeploymentFilter = {
  key: 'environment',
  values: ['production', 'recovery'],
};

/** The same question, asked of one deployment. */
function meets(
  criteria: DeploymentFilterCriteria,
  deployment: { owners: string[]; environment: string },
): boolean {
  if ('allOf' in criteria) {
    return criteria.allOf.every(one => meets(one, deployment));
  }
  if ('anyOf' in criteria) {
    return criteria.anyOf.some(one => meets(one, deployment));
  }
  if ('not' in criteria) {
    return !meets(criteria.not, deployment);
  }
  return criteria.key === 'owner'
    ? deployment.owners.some(owner => criteria.values.includes(owner))
    : criteria.values.includes(deployment.environment);
}

describe('the environments of a service that a decision lets somebody read', () => {
  it('are all of an owner’s, and none of anybody else’s', () => {
    expect(readableEnvironments(mine, ['group:default/mine'])).toEqual({
      except: [],
    });
    expect(isEmpty(readableEnvironments(mine, ['group:default/other']))).toBe(
      true,
    );
    expect(isEmpty(readableEnvironments(mine, []))).toBe(true);
  });

  it('are those that are not guarded, of an owner, and the guarded ones of an approver', () => {
    expect(
      readableEnvironments({ allOf: [mine, { not: guarded }] }, [
        'group:default/mine',
      ]),
    ).toEqual({ except: ['production', 'recovery'] });
    expect(
      readableEnvironments({ anyOf: [mine, guarded] }, ['group:default/x']),
    ).toEqual({ only: ['production', 'recovery'] });
  });

  it('are exactly those of which the decision, asked of each deployment, says yes', () => {
    const names = ['staging', 'production', 'recovery', 'made-up'];
    const owners = ['group:default/mine', 'group:default/other'];
    const { criteria } = fc.letrec<{ criteria: DeploymentFilterCriteria }>(
      tie => ({
        criteria: fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          fc.record({
            key: fc.constant('environment' as const),
            values: fc.subarray(names),
          }),
          fc.record({
            key: fc.constant('owner' as const),
            values: fc.subarray(owners),
          }),
          fc.record({ not: tie('criteria') }),
          fc.record({ allOf: fc.array(tie('criteria'), { maxLength: 3 }) }),
          fc.record({ anyOf: fc.array(tie('criteria'), { maxLength: 3 }) }),
        ),
      }),
    );
    fc.assert(
      fc.property(criteria, fc.subarray(owners), (asked, owned) => {
        const set = readableEnvironments(asked, owned);
        for (const environment of names) {
          expect(includes(set, environment)).toBe(
            meets(asked, { owners: owned, environment }),
          );
        }
      }),
    );
  });
});
