import {
  BackstageIdentityApi,
  IdentityApi,
  ProfileInfoApi,
  SessionApi,
} from '@backstage/frontend-plugin-api';
import { announceSignOut } from './signOutNews';

type Identity = Awaited<ReturnType<IdentityApi['getBackstageIdentity']>>;
type Profile = Awaited<ReturnType<IdentityApi['getProfileInfo']>>;

/**
 * Who is signed in, as it is now. Backstage's own identity keeps the groups that
 * somebody had when the page was loaded; a tab may be open for days.
 */
export class PortalIdentity implements IdentityApi {
  readonly #authApi: BackstageIdentityApi & ProfileInfoApi & SessionApi;
  #identity: Identity;
  #profile: Profile;

  constructor(options: {
    authApi: BackstageIdentityApi & ProfileInfoApi & SessionApi;
    identity: Identity;
    profile: Profile;
  }) {
    this.#authApi = options.authApi;
    this.#identity = options.identity;
    this.#profile = options.profile;
  }

  async getBackstageIdentity(): Promise<Identity> {
    // Who somebody is does not wait for a session that has to be renewed.
    const response = await this.#authApi.getBackstageIdentity({
      optional: true,
    });
    this.#identity = response?.identity ?? this.#identity;
    return this.#identity;
  }

  async getProfileInfo(): Promise<Profile> {
    const profile = await this.#authApi.getProfile({ optional: true });
    this.#profile = profile ?? this.#profile;
    return this.#profile;
  }

  async getCredentials(): Promise<{ token?: string }> {
    const response = await this.#authApi.getBackstageIdentity();
    return { token: response?.token };
  }

  async signOut(): Promise<void> {
    await this.#authApi.signOut();
    announceSignOut();
  }
}
