import { deliveryErrorMessage, isLost, isSessionEnded } from './deliveryErrors';

const answer = (statusCode: number, code?: string) => ({
  statusCode,
  body: { error: { code, message: 'Only owners may.' } },
});

describe('errors of the delivery API', () => {
  it('know an ended session from a refusal', () => {
    expect(isSessionEnded(answer(401))).toBe(true);
    expect(isSessionEnded(answer(403, 'delivery.action-not-allowed'))).toBe(
      false,
    );
    expect(isSessionEnded(new TypeError('Failed to fetch'))).toBe(false);
  });

  it('give the sentences of the backend, and nobody else’s', () => {
    expect(
      deliveryErrorMessage(answer(403, 'delivery.action-not-allowed')),
    ).toBe('Only owners may.');
    expect(deliveryErrorMessage(answer(502))).toBeUndefined();
  });

  it.each([
    ['a broken connection', new TypeError('Failed to fetch'), true],
    ['the answer of a proxy', answer(502), true],
    ['the answer of a crash', answer(500), true],
    ['a refusal', answer(409, 'delivery.state-changed'), false],
    [
      'an upstream that is down',
      answer(503, 'delivery.upstream-unavailable'),
      false,
    ],
    ['an ended session', answer(401), false],
  ])(
    'say of %s whether it leaves open what became of a request',
    (_, error, lost) => {
      expect(isLost(error)).toBe(lost);
    },
  );
});
