import { DeploymentAction } from '@slipway/plugin-delivery-common';
import { ASK_AGAIN_AFTER_MS, requestUntilKnown } from './requestUntilKnown';

const action = { id: 'a1', phase: 'running' } as DeploymentAction;
const lost = new TypeError('Failed to fetch');
const answer = (statusCode: number, code?: string) =>
  Object.assign(new Error('no'), { statusCode, body: { error: { code } } });

function setUp(answers: Array<DeploymentAction | Error>) {
  const waited: number[] = [];
  const send = jest.fn(async () => {
    const next = answers.shift();
    if (next && 'phase' in next) {
      return next;
    }
    throw next ?? lost;
  });
  const look = jest.fn(
    async (): Promise<DeploymentAction | undefined> => undefined,
  );
  const onLost = jest.fn();
  return {
    send,
    look,
    onLost,
    waited,
    options: {
      send,
      look,
      onLost,
      wait: async (ms: number) => {
        waited.push(ms);
      },
    },
  };
}

describe('requestUntilKnown', () => {
  it('is done when the first answer comes', async () => {
    const { options, onLost } = setUp([action]);
    await expect(requestUntilKnown(options)).resolves.toEqual({
      outcome: 'accepted',
      action,
    });
    expect(onLost).not.toHaveBeenCalled();
  });

  it('sends again after a lost connection, and says that it was lost', async () => {
    const { options, send, onLost } = setUp([lost, answer(502), action]);
    await expect(requestUntilKnown(options)).resolves.toMatchObject({
      outcome: 'accepted',
    });
    expect(send).toHaveBeenCalledTimes(3);
    expect(onLost).toHaveBeenCalledTimes(2);
  });

  it('takes a refusal for an answer, and does not send again', async () => {
    const refusal = answer(409, 'delivery.state-changed');
    const { options, send } = setUp([refusal, action]);
    await expect(requestUntilKnown(options)).resolves.toEqual({
      outcome: 'refused',
      error: refusal,
    });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it.each([
    [401, undefined],
    [503, 'delivery.upstream-unavailable'],
    [503, 'delivery.not-ready'],
  ])('takes a %d with code %s for an answer', async (status, code) => {
    const { options } = setUp([answer(status, code)]);
    await expect(requestUntilKnown(options)).resolves.toMatchObject({
      outcome: 'refused',
    });
  });

  it('finds the action among what the pages read when no answer comes', async () => {
    const { options, look, send } = setUp([lost, lost]);
    look.mockResolvedValueOnce(undefined).mockResolvedValueOnce(action);
    await expect(requestUntilKnown(options)).resolves.toEqual({
      outcome: 'accepted',
      action,
    });
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('says in the end that it is not known, after waiting longer each time', async () => {
    const { options, look, waited } = setUp([]);
    look.mockRejectedValue(lost);
    await expect(requestUntilKnown(options)).resolves.toEqual({
      outcome: 'not-known',
      error: lost,
    });
    expect(waited).toEqual(ASK_AGAIN_AFTER_MS);
  });
});
