import {
  hidesActivity,
  readActivityFilters,
  writeActivityFilters,
} from './activityFilters';

describe('activityFilters', () => {
  it('come back from the address as they were written', () => {
    const filters = {
      entityRef: 'component:default/checkout',
      environment: 'production',
      actor: 'user:default/ada',
      event: 'refused' as const,
    };
    expect(readActivityFilters(writeActivityFilters(filters))).toEqual(filters);
  });

  it('leave the plain address plain, and what is not theirs alone', () => {
    const params = new URLSearchParams('show=done&theme=dark');
    expect(writeActivityFilters({}, params).toString()).toBe('theme=dark');
  });

  it('read what they do not know as if it were absent', () => {
    const filters = readActivityFilters(
      new URLSearchParams('show=maybe&person='),
    );
    expect(hidesActivity(filters)).toBe(false);
  });
});
