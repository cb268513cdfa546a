import { identityOf } from './identity';

describe('how a person stands on a commit', () => {
  const ada = { entityRef: 'user:default/ada', name: 'Ada Lovelace' };

  it('is with name and address', () => {
    expect(identityOf({ ...ada, email: 'ada@example.com' })).toEqual({
      name: 'Ada Lovelace',
      email: 'ada@example.com',
    });
  });

  it.each([undefined, '', 'ada', 'a@b>\ncommitter x', 'a <a@b>', 'a@b c'])(
    'is with an address that is none when the catalog has %j',
    email => {
      expect(identityOf({ ...ada, email }).email).toBe(
        'ada@no-reply.slipway.invalid',
      );
    },
  );

  it('never breaks out of the header of the commit', () => {
    expect(
      identityOf({
        entityRef: 'user:default/ada',
        name: 'Ada\n<root@x> 0 +0000\ncommitter Eve',
      }).name,
    ).toBe('Ada root@x 0 +0000 committer Eve');
    expect(identityOf({ ...ada, name: ' <> ' }).name).toBe('ada');
  });
});
