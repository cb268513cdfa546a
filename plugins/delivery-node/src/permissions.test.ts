import { isInEnvironmentRule, isServiceOwnerRule } from './permissions';

const checkout = {
  entityRef: 'component:default/checkout',
  environment: 'production',
  owners: ['group:default/checkout-team'],
};

describe('delivery permission rules', () => {
  it('let an owner in, and nobody else', () => {
    expect(
      isServiceOwnerRule.apply(checkout, {
        claims: ['user:default/ada', 'group:default/checkout-team'],
      }),
    ).toBe(true);
    expect(
      isServiceOwnerRule.apply(checkout, {
        claims: ['group:default/payments-team'],
      }),
    ).toBe(false);
  });

  it('let nobody own a service without an owner', () => {
    expect(
      isServiceOwnerRule.apply({ ...checkout, owners: [] }, { claims: [''] }),
    ).toBe(false);
  });

  it('tell environments apart', () => {
    expect(
      isInEnvironmentRule.apply(checkout, { environments: ['production'] }),
    ).toBe(true);
    expect(
      isInEnvironmentRule.apply(checkout, { environments: ['staging'] }),
    ).toBe(false);
  });

  it('say the same as a filter', () => {
    expect(isServiceOwnerRule.toQuery({ claims: ['group:default/a'] })).toEqual(
      { key: 'owner', values: ['group:default/a'] },
    );
    expect(isInEnvironmentRule.toQuery({ environments: ['staging'] })).toEqual({
      key: 'environment',
      values: ['staging'],
    });
  });
});
