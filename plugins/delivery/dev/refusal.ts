import { ResponseError } from '@backstage/errors';
import { DeliveryErrorCode } from '@slipway/plugin-delivery-common';

/** An answer by which the backend refuses; without a code it is not its own. */
export function refusal(
  status: number,
  code: DeliveryErrorCode | undefined,
  options: { message?: string } = {},
): Promise<ResponseError> {
  const { message = 'Played by the harness' } = options;
  return ResponseError.fromResponse(
    new Response(
      JSON.stringify({
        error: { name: 'Error', message, code },
        response: { statusCode: status },
      }),
      { status, headers: { 'content-type': 'application/json' } },
    ),
  );
}
