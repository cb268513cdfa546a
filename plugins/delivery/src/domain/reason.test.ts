import {
  LONGEST_REASON,
  reasonLength,
  reasonProblem,
  tidyReason,
} from './reason';

describe('reason', () => {
  it('is one line, whatever keys were pressed', () => {
    expect(tidyReason('  the canary\r\nis red \t now ')).toBe(
      'the canary is red now',
    );
  });

  it('is missing when only space was typed', () => {
    expect(reasonProblem(' \n ')).toEqual({ problem: 'missing' });
  });

  it('counts characters as people do, not as the browser stores them', () => {
    expect(reasonLength('🚀🚀')).toBe(2);
    expect(reasonProblem('🚀'.repeat(LONGEST_REASON))).toBeUndefined();
    expect(reasonProblem('🚀'.repeat(LONGEST_REASON + 3))).toEqual({
      problem: 'too-long',
      over: 3,
    });
  });
});
