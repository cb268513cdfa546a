import { webcrypto } from 'node:crypto';
import { idempotencyKey } from './idempotencyKey';

const UUID_V4 =
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('idempotencyKey', () => {
  it('is the browser’s own UUID where it makes them', () => {
    const randomUUID = () => '3f2b0000-0000-4000-8000-000000000000' as const;
    expect(
      idempotencyKey({ getRandomValues: bytes => bytes, randomUUID }),
    ).toBe('3f2b0000-0000-4000-8000-000000000000');
  });

  it('is a UUID all the same on a page that is not served over HTTPS', () => {
    const getRandomValues: Crypto['getRandomValues'] = bytes =>
      webcrypto.getRandomValues(bytes as never);
    const keys = Array.from({ length: 200 }, () =>
      idempotencyKey({ getRandomValues }),
    );
    keys.forEach(key => expect(key).toMatch(UUID_V4));
    expect(new Set(keys).size).toBe(200);
  });
});
