/** Fetches without following redirects, keeping cookies as a browser does. */
export class CookieJar {
  readonly #cookies = new Map<string, { value: string; path: string }>();

  async fetch(url: string, init?: RequestInit): Promise<Response> {
    const { pathname } = new URL(url);
    const cookie = [...this.#cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...(init?.headers as Record<string, string>), cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(/;\s*/);
      const [name, value] = pair.split(/=(.*)/s);
      const path =
        attributes.find(part => /^path=/i.test(part))?.slice(5) ?? '/';
      if (
        value === '' ||
        attributes.some(part => /^expires=Thu, 01 Jan 1970/i.test(part))
      ) {
        this.#cookies.delete(name);
      } else {
        this.#cookies.set(name, { value, path });
      }
    }
    return response;
  }
}
