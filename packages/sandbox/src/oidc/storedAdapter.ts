import type { Adapter, AdapterPayload } from 'oidc-provider';
import { readFileIfThere, writeFileAtomically } from '../util/files';

/** Wait before changes are written, so that one sign-in is one write. */
const SAVE_DELAY_MS = 200;

interface Entry {
  payload: AdapterPayload;
  /** Unix seconds; absent for what does not expire. */
  expiresAt?: number;
}

/**
 * What the OpenID provider remembers (sessions, grants, tokens), kept in a
 * file: with its own memory storage, a restart of the sandbox would sign
 * everybody out.
 */
export class OidcStorage {
  /** Reads the file, leaving out what has expired since. */
  static async open(options: { file: string }): Promise<OidcStorage> {
    const text = await readFileIfThere(options.file);
    const stored: [string, Entry][] = text ? JSON.parse(text) : [];
    const now = Date.now() / 1000;
    return new OidcStorage({
      file: options.file,
      entries: new Map(
        stored.filter(([, entry]) => (entry.expiresAt ?? Infinity) > now),
      ),
    });
  }

  readonly #file: string;
  readonly #entries: Map<string, Entry>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(options: { file: string; entries: Map<string, Entry> }) {
    this.#file = options.file;
    this.#entries = options.entries;
  }

  /** The storage of one kind of thing, as oidc-provider asks for it. */
  adapterFor(kind: string): Adapter {
    const keyOf = (id: string) => `${kind}:${id}`;
    const findBy = (matches: (payload: AdapterPayload) => boolean) => {
      for (const key of this.#entries.keys()) {
        const payload = key.startsWith(`${kind}:`)
          ? this.#read(key)
          : undefined;
        if (payload && matches(payload)) {
          return payload;
        }
      }
      return undefined;
    };
    return {
      upsert: async (id, payload, expiresIn) => {
        this.#entries.set(keyOf(id), {
          payload,
          expiresAt: expiresIn ? Date.now() / 1000 + expiresIn : undefined,
        });
        this.#changed();
      },
      find: async id => this.#read(keyOf(id)),
      findByUid: async uid => findBy(payload => payload.uid === uid),
      findByUserCode: async code =>
        findBy(payload => payload.userCode === code),
      consume: async id => {
        const payload = this.#read(keyOf(id));
        if (payload) {
          payload.consumed = Math.floor(Date.now() / 1000);
          this.#changed();
        }
      },
      destroy: async id => {
        this.#entries.delete(keyOf(id));
        this.#changed();
      },
      // Only what is of this kind: the sign-in under way names the grant that
      // it replaces, and must outlive it.
      revokeByGrantId: async grantId => {
        for (const [key, entry] of this.#entries) {
          if (key.startsWith(`${kind}:`) && entry.payload.grantId === grantId) {
            this.#entries.delete(key);
          }
        }
        this.#changed();
      },
    };
  }

  /**
   * Forgets everything of one account: sessions, grants, tokens. Answers how
   * many things there were.
   */
  forgetAccount(accountId: string): number {
    let count = 0;
    for (const [key, { payload }] of this.#entries) {
      if (payload.accountId === accountId) {
        this.#entries.delete(key);
        count += 1;
      }
    }
    if (count > 0) this.#changed();
    return count;
  }

  /** Writes what has not been written yet. */
  async save(): Promise<void> {
    if (this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#write();
    }
    await this.#saving;
  }

  #read(key: string): AdapterPayload | undefined {
    const entry = this.#entries.get(key);
    if (entry && (entry.expiresAt ?? Infinity) <= Date.now() / 1000) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry?.payload;
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, SAVE_DELAY_MS).unref();
  }

  #write(): void {
    const text = JSON.stringify([...this.#entries]);
    this.#saving = this.#saving.then(() =>
      writeFileAtomically({ file: this.#file, text }),
    );
  }
}
