import { screen } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { DELIVERY_ERROR_CODES } from '@slipway/plugin-delivery-common';
import { useDeliveryErrorWords } from './useDeliveryErrorWords';

function Words(props: { error: unknown }) {
  const { title, detail } = useDeliveryErrorWords()(props.error);
  return <p>{`${title} | ${detail}`}</p>;
}

const show = async (error: unknown) => {
  renderInTestApp(<Words error={error} />);
  return (await screen.findByText(/ \| /)).textContent ?? '';
};

const answer = (statusCode: number, code?: string, message?: string) => ({
  statusCode,
  body: { error: { code, message } },
});

describe('useDeliveryErrorWords', () => {
  it.each(Object.values(DELIVERY_ERROR_CODES).map(code => [code]))(
    'says %s in sentences, also where the backend says nothing',
    async code => {
      expect(await show(answer(409, code))).toMatch(/^.+\. \| .+\.$/);
    },
  );

  it('lets the backend explain itself', async () => {
    expect(
      await show(answer(409, 'delivery.state-changed', 'Ada pushed.')),
    ).toBe('It is no longer as you saw it. | Ada pushed.');
  });

  it('does not repeat what a proxy says', async () => {
    expect(await show(answer(502, undefined, '<h1>502</h1>'))).toMatch(
      /^The delivery backend does not answer/,
    );
  });
});
