import { goDuration } from './goDuration';

describe('goDuration', () => {
  it.each([
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['90m', 5_400_000],
    ['300ms', 300],
    ['1m30.5s', 90_500],
    ['.5h', 1_800_000],
    ['1000000ns', 1],
    ['24h', 86_400_000],
  ])('reads %s as Go does', (text, milliseconds) => {
    expect(goDuration(text)?.toMillis()).toBe(milliseconds);
  });

  it.each(['', '1', 'h', '1d', '33mm', '1h ', '-1h', '1h30'])(
    'reads no duration from %j',
    text => {
      expect(goDuration(text)).toBeUndefined();
    },
  );
});
