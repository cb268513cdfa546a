import { groupChanges, groupsOf } from './groupChanges';

it('tells what somebody joined from what they left', () => {
  expect(
    groupChanges(['group:a/x', 'group:a/y'], ['group:a/y', 'group:a/z']),
  ).toEqual({ joined: ['group:a/z'], left: ['group:a/x'] });
  expect(groupChanges(['group:a/x'], ['group:a/x'])).toEqual({
    joined: [],
    left: [],
  });
});

it('takes a person’s own reference for no group', () => {
  expect(
    groupsOf(['user:default/ada', 'group:default/b', 'group:default/a']),
  ).toEqual(['group:default/a', 'group:default/b']);
});
