import { rememberLast } from './rememberLast';

describe('rememberLast', () => {
  it('runs once for a text, until enough others were asked for', () => {
    const run = jest.fn((text: string) => ({ text }));
    const remembered = rememberLast({ limit: 2, run });
    const first = remembered('a');
    expect(remembered('b')).toEqual({ text: 'b' });
    expect(remembered('a')).toBe(first);
    remembered('c');
    expect(remembered('a')).toBe(first);
    expect(run.mock.calls.flat()).toEqual(['a', 'b', 'c']);
    remembered('b');
    expect(run.mock.calls.flat()).toEqual(['a', 'b', 'c', 'b']);
  });
});
