import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may use the Git server: everybody who is in reads everything. */
export interface GitAccount {
  readonly username: string;
  readonly token: string;
  /** `owner/name` of the repositories that it may push to, or all of them. */
  readonly mayPush: 'everywhere' | readonly string[];
}

/** Whether an account may push to a repository. */
export function mayPushTo(account: GitAccount, repository: string): boolean {
  return (
    account.mayPush === 'everywhere' || account.mayPush.includes(repository)
  );
}

/**
 * The account behind an `Authorization` header, or undefined.
 *
 * `Basic` carries the name and the token as password, `Bearer` and Gitea's
 * `token` carry the token alone. Schemes are compared without case: some
 * clients, Backstage among them, write `basic`.
 */
export function authenticate(options: {
  header: string | undefined;
  accounts: readonly GitAccount[];
}): GitAccount | undefined {
  const { header = '', accounts } = options;
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space).toLowerCase();
  const value = header.slice(space + 1).trim();
  switch (scheme) {
    case 'basic': {
      const [username, ...rest] = Buffer.from(value, 'base64')
        .toString('utf8')
        .split(':');
      const account = accounts.find(
        candidate => candidate.username === username,
      );
      return account && isSame(account.token, rest.join(':'))
        ? account
        : undefined;
    }
    case 'bearer':
    case 'token':
      return accounts.find(candidate => isSame(candidate.token, value));
    default:
      return undefined;
  }
}

/** Compares secrets in a time that depends on neither of them. */
function isSame(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
