import { createHash } from 'node:crypto';
import { Binding } from '@slipway/plugin-delivery-common';
import {
  ApplicationId,
  stringifyApplicationId,
} from '@slipway/plugin-delivery-node';

/**
 * Id of the target of an application's deployment. Where the platform does not
 * say that it belongs to the service, the id stands for it without naming it.
 */
export function targetIdOf(id: ApplicationId, binding: Binding): string {
  const key = stringifyApplicationId(id);
  return binding.state === 'bound'
    ? key
    : `unbound-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}
