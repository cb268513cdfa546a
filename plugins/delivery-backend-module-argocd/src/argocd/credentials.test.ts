import { ArgoCdError } from './ArgoCdError';
import { SessionCredentials, StaticCredentials } from './credentials';

const { signal } = new AbortController();

function jwt(claims: object): string {
  return `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
}

function refusal() {
  return new ArgoCdError({
    kind: 'unauthenticated',
    message: 'refused',
    httpStatus: 401,
    code: 16,
  });
}

describe('SessionCredentials', () => {
  it('A6: logs in once for many callers at once, and keeps the token', async () => {
    const login = jest.fn(async () => jwt({ exp: 86_400 }));
    const credentials = SessionCredentials.create({ login, now: () => 0 });
    const tokens = await Promise.all(
      Array.from({ length: 100 }, () => credentials.token({ signal })),
    );
    expect(new Set(tokens).size).toBe(1);
    await credentials.token({ signal });
    expect(login).toHaveBeenCalledTimes(1);
  });

  it('A6: logs in again before the token ends, and not before', async () => {
    let now = 0;
    const login = jest.fn(async () => jwt({ exp: now / 1000 + 1_000 }));
    const credentials = SessionCredentials.create({ login, now: () => now });
    await credentials.token({ signal });
    now = 799_000;
    await credentials.token({ signal });
    expect(login).toHaveBeenCalledTimes(1);
    now = 801_000;
    await credentials.token({ signal });
    expect(login).toHaveBeenCalledTimes(2);
  });

  it('A6: waits longer after each refusal, and never gives the credential up', async () => {
    let now = 0;
    const login = jest.fn<Promise<string>, []>().mockRejectedValue(refusal());
    const credentials = SessionCredentials.create({ login, now: () => now });
    const loginsAt: number[] = [];
    for (; now < 3_600_000; now += 1_000) {
      const before = login.mock.calls.length;
      await expect(credentials.token({ signal })).rejects.toMatchObject({
        kind: 'login-refused',
        message: expect.stringMatching(/too many logins/),
      });
      if (login.mock.calls.length > before) {
        loginsAt.push(now / 1_000);
      }
    }
    expect(loginsAt.slice(0, 6)).toEqual([0, 30, 90, 210, 450, 750]);
    // Argo CD locks an account after five failures in 300 seconds.
    for (const from of loginsAt) {
      expect(
        loginsAt.filter(at => at >= from && at < from + 300).length,
      ).toBeLessThan(5);
    }
    login.mockResolvedValue('opaque');
    now += 300_000;
    await expect(credentials.token({ signal })).resolves.toBe('opaque');
  });

  it('A6: keeps the reason when it was not a refusal', async () => {
    const down = new ArgoCdError({ kind: 'unreachable', message: 'down' });
    const credentials = SessionCredentials.create({
      login: async () => {
        throw down;
      },
      now: () => 0,
    });
    await expect(credentials.token({ signal })).rejects.toBe(down);
  });

  it('logs in again when the server refuses the token', async () => {
    let count = 0;
    const credentials = SessionCredentials.create({
      login: async () => {
        count += 1;
        return `token-${count}`;
      },
      now: () => 0,
    });
    const first = await credentials.token({ signal });
    credentials.refused(first);
    const second = await credentials.token({ signal });
    expect(second).toBe('token-2');
    // A late refusal of the first token says nothing of the second.
    credentials.refused(first);
    await expect(credentials.token({ signal })).resolves.toBe(second);
  });
});

describe('StaticCredentials', () => {
  it('has nothing but its token', async () => {
    const credentials = StaticCredentials.create({ token: 'a' });
    credentials.refused();
    await expect(credentials.token()).resolves.toBe('a');
  });
});
