import { AppProject } from '../wire';
import { BUILTIN_POLICY, PORTAL_POLICY } from './builtinPolicy';
import { Enforcer, rbacName } from './enforcer';
import { globMatches } from './glob';
import { parsePolicy } from './policy';

describe('globMatches', () => {
  it.each([
    ['*', 'anything/at all', true],
    ['shop/*', 'shop/team/app', true],
    ['shop/*', 'shopping/app', false],
    ['*/*', 'shop', false],
    ['app-?', 'app-1', true],
    ['app-?', 'app-12', false],
    ['app-[0-9]', 'app-7', true],
    ['app-[!0-9]', 'app-7', false],
    ['{dev,staging}-*', 'staging-eu', true],
    ['{dev,staging}-*', 'production-eu', false],
    ['a.b', 'axb', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a,b', 'a,b', true],
    ['[', '[', true],
    ['{open', '{open', false],
    ['', '', true],
    ['', 'x', false],
  ])('%s against %s is %s', (pattern, value, expected) => {
    expect(globMatches(pattern, value)).toBe(expected);
  });
});

describe('parsePolicy', () => {
  it('reads rules and grants, and skips comments', () => {
    expect(
      parsePolicy(
        '# who\np, role:a, applications, get, */*, allow\n\n g , me, role:a ',
      ),
    ).toEqual({
      rules: [
        {
          subject: 'role:a',
          resource: 'applications',
          action: 'get',
          object: '*/*',
          effect: 'allow',
        },
      ],
      grants: [{ member: 'me', role: 'role:a' }],
    });
  });

  it.each([
    'p, role:a, applications, get, */*',
    'p, role:a, applications, get, */*, perhaps',
    'g, me',
    'x, me, role:a',
  ])('refuses "%s" and quotes it', line => {
    expect(() => parsePolicy(line)).toThrow(line);
  });
});

describe('Enforcer', () => {
  const shop = project('shop', [
    {
      name: 'deployer',
      policies: [
        'p, proj:shop:deployer, applications, sync, shop/*, allow',
        'p, proj:shop:deployer, applications, sync, shop/pay-*, deny',
      ],
      groups: ['team-a'],
    },
  ]);
  const other = project('other', []);

  function enforcer(policy = '', projects = [shop, other]) {
    return Enforcer.create({
      policy: `${BUILTIN_POLICY}${PORTAL_POLICY}${policy}`,
      project: name => projects.find(({ metadata }) => metadata.name === name),
    });
  }

  function may(
    subject: string,
    action: string,
    object: string,
    resource = 'applications',
  ): boolean {
    return enforcer().allows(subject, { resource, action, object });
  }

  it('lets the portal read everything, and act with another account', () => {
    expect(may('portal-read', 'get', 'shop/cart')).toBe(true);
    expect(may('portal-read', 'get', 'shop', 'projects')).toBe(true);
    expect(may('portal-read', 'sync', 'shop/cart')).toBe(false);
    expect(may('portal-act', 'sync', 'shop/cart')).toBe(true);
    for (const action of ['create', 'update', 'delete', 'override']) {
      expect(may('portal-act', action, 'shop/cart')).toBe(false);
    }
    expect(may('portal-act', 'update', 'shop', 'projects')).toBe(false);
  });

  it('gives roles through roles: an admin is a reader, too', () => {
    expect(may('admin', 'get', 'shop/cart')).toBe(true);
    expect(may('admin', 'delete', 'shop/cart')).toBe(true);
  });

  it('allows nobody what no rule names', () => {
    expect(may('somebody', 'get', 'shop/cart')).toBe(false);
  });

  it('reads the roles of the project that a request is about', () => {
    expect(may('proj:shop:deployer', 'sync', 'shop/cart')).toBe(true);
    expect(may('team-a', 'sync', 'shop/cart')).toBe(true);
    expect(may('proj:shop:deployer', 'get', 'shop', 'projects')).toBe(true);
    expect(may('proj:shop:deployer', 'get', 'other', 'projects')).toBe(false);
    expect(may('proj:shop:deployer', 'sync', 'other/cart')).toBe(false);
  });

  it('lets what is denied win, whatever allows it', () => {
    expect(may('proj:shop:deployer', 'sync', 'shop/pay-1')).toBe(false);
  });

  it('forgets what it found when the policy or a project changes', () => {
    const projects = [shop];
    const rules = enforcer('', projects);
    const ask = (subject: string) =>
      rules.allows(subject, {
        resource: 'applications',
        action: 'sync',
        object: 'shop/cart',
      });
    expect([ask('portal-act'), ask('team-a')]).toEqual([true, true]);
    rules.extend('p, role:portal-act, applications, sync, shop/*, deny');
    projects[0] = project('shop', []);
    expect([ask('portal-act'), ask('team-a')]).toEqual([false, false]);
    rules.extend('');
    expect(ask('portal-act')).toBe(true);
  });

  it('grants nothing to a project whose policy cannot be read', () => {
    const broken = project('shop', [
      { name: 'a', policies: ['nonsense'], groups: ['team-a'] },
    ]);
    expect(
      enforcer('', [broken]).allows('team-a', {
        resource: 'projects',
        action: 'get',
        object: 'shop',
      }),
    ).toBe(false);
  });

  it('compares an application with the rules of the caller alone', () => {
    const strangers = Array.from(
      { length: 500 },
      (_, index) =>
        `p, role:stranger-${index}, applications, get, */app-${index}, allow`,
    ).join('\n');
    const rules = enforcer(strangers);
    for (let index = 0; index < 1000; index++) {
      rules.allows('portal-read', {
        resource: 'applications',
        action: 'get',
        object: `shop/app-${index}`,
      });
    }
    expect(rules.comparisons).toBe(1000);
  });
});

describe('rbacName', () => {
  it.each([
    ['argocd', 'shop/cart'],
    ['team-a', 'shop/team-a/cart'],
  ])('of an application in %s is %s', (namespace, expected) => {
    expect(
      rbacName({
        project: 'shop',
        namespace,
        name: 'cart',
        controlNamespace: 'argocd',
      }),
    ).toBe(expected);
  });

  it('takes the default project where none is named', () => {
    expect(
      rbacName({
        project: '',
        namespace: 'argocd',
        name: 'cart',
        controlNamespace: 'argocd',
      }),
    ).toBe('default/cart');
  });
});

function project(
  name: string,
  roles: NonNullable<AppProject['spec']>['roles'],
): AppProject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: {
      name,
      uid: name,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-11-22T10:00:00Z',
    },
    spec: { roles },
  };
}
