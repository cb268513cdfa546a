import {
  DELIVERY_ERROR_CODES,
  DeliveryErrorCode,
} from '@slipway/plugin-delivery-common';

const codes: ReadonlySet<string> = new Set(Object.values(DELIVERY_ERROR_CODES));

/**
 * The stable code that the delivery backend gave an error, if it gave one: an
 * error of the network, of a proxy or of another plugin has none.
 *
 * @public
 */
export function deliveryErrorCode(
  error: unknown,
): DeliveryErrorCode | undefined {
  // Read by shape, not by class: an app can hold two copies of
  // @backstage/errors, and `instanceof` fails across them.
  const code = property(property(property(error, 'body'), 'error'), 'code');
  return isDeliveryErrorCode(code) ? code : undefined;
}

function isDeliveryErrorCode(code: unknown): code is DeliveryErrorCode {
  return typeof code === 'string' && codes.has(code);
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Reflect.get(value, key)
    : undefined;
}
