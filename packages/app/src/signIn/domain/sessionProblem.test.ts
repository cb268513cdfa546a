import { problemWords } from './problemWords';
import { mayPass, problemCodes, readProblem } from './sessionProblem';

describe('readProblem', () => {
  it.each([
    ['sign-in.unknown-user eve@example.com', 'unknown-user', 'eve@example.com'],
    ['sign-in.refused', 'refused', undefined],
    [
      'Refresh failed; caused by AuthenticationError: sign-in.unknown-user eve@example.com',
      'unknown-user',
      'eve@example.com',
    ],
    [
      'Refresh failed; caused by InputError: Missing session cookie',
      'signed-out',
      undefined,
    ],
    ['Auth response is missing cookie nonce', 'took-too-long', undefined],
    ['Invalid nonce', 'took-too-long', undefined],
    ['', 'failed', undefined],
  ])('reads %j', (text, code, subject) => {
    expect(readProblem(text)).toEqual(subject ? { code, subject } : { code });
  });

  it('lets no words of others through, because anybody can write a link with them', () => {
    expect(readProblem('Your account is locked: call 0800 EVIL')).toEqual({
      code: 'failed',
    });
    expect(
      readProblem('sign-in.unknown-user <img/src=x/onerror=alert(1)>'),
    ).toEqual({ code: 'unknown-user' });
    expect(readProblem(`sign-in.unknown-user ${'a'.repeat(300)}`)).toEqual({
      code: 'unknown-user',
    });
    expect(readProblem('sign-in.call-0800-evil')).toEqual({ code: 'failed' });
  });
});

describe('problemWords', () => {
  it.each(problemCodes)('has a title, a sentence and a button for %s', code => {
    const { title, text, action } = problemWords({ code });
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(text).toMatch(/^[A-Z].*\.$/);
    expect(action).toMatch(/sign in/i);
  });

  it('names the account that was tried', () => {
    expect(
      problemWords({ code: 'unknown-user', subject: 'eve@example.com' }).text,
    ).toContain('eve@example.com');
  });
});

it('waits only for what passes by itself', () => {
  expect(problemCodes.filter(code => mayPass({ code }))).toEqual([
    'provider-unreachable',
    'portal-unreachable',
  ]);
});
