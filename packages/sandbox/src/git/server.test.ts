import { gzipSync } from 'node:zlib';
import { readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { run } from '../__testUtils__/command';
import { temporaryFolder } from '../__testUtils__/temporaryFolder';
import { DefaultGitServer } from './server';
import type { GitPush } from './types';

const account = {
  username: 'portal',
  token: 's3cret/with+signs',
  mayPush: 'everywhere',
} as const;
const reader = { username: 'reader', token: 'reads', mayPush: [] };
const writer = {
  username: 'writer',
  token: 'writes',
  mayPush: ['team/empty'],
};
const ada = { name: 'Ada', email: 'ada@slipway.example' };

// Every test starts several processes of Git, which a busy machine delays.
jest.setTimeout(30_000);

describe('DefaultGitServer', () => {
  const folder = temporaryFolder();
  let git: DefaultGitServer;
  let clones = 0;

  beforeAll(async () => {
    git = await DefaultGitServer.create({
      directory: folder.path('git'),
      repositories: ['team/things', 'team/empty'],
      accounts: [account, reader, writer],
    });
    await git.start({ port: 0 });
    await git.repository('team/things').import([
      {
        author: ada,
        message: 'Begin',
        date: new Date('2026-01-01T10:00:00Z'),
        files: new Map([
          ['README.md', '# Things\n'],
          ['a/one.yaml', 'one: 1\n'],
          ['a/b/two ä.yaml', 'two: zwei ä\n'],
        ]),
      },
      {
        author: ada,
        message: 'Continue\n\nWith a body',
        date: new Date('2026-01-02T10:00:00Z'),
        files: new Map([['a/one.yaml', 'one: 2\n']]),
      },
    ]);
  });
  afterAll(async () => {
    await git.stop();
  });

  function urlWithToken(name: string): string {
    const credentials = `${account.username}:${encodeURIComponent(
      account.token,
    )}`;
    return git.cloneUrl(name).replace('://', `://${credentials}@`);
  }

  async function clone(...options: string[]): Promise<string> {
    const target = folder.path(`clone-${++clones}`);
    await run('git', [
      'clone',
      '--quiet',
      ...options,
      urlWithToken('team/things'),
      target,
    ]);
    await run('git', ['config', 'user.name', 'Grace'], { cwd: target });
    await run('git', ['config', 'user.email', 'grace@slipway.example'], {
      cwd: target,
    });
    return target;
  }

  async function commitFile(options: {
    cwd: string;
    file: string;
    content: string;
  }): Promise<string> {
    const { cwd, file, content } = options;
    await writeFile(`${cwd}/${file}`, content);
    await run('git', ['add', '--all'], { cwd });
    await run('git', ['commit', '--quiet', '-m', `Change ${file}`], { cwd });
    return (await run('git', ['rev-parse', 'HEAD'], { cwd })).trim();
  }

  function basic(options: { scheme?: string; token?: string } = {}): {
    authorization: string;
  } {
    const { scheme = 'Basic', token = account.token } = options;
    const value = Buffer.from(`${account.username}:${token}`).toString(
      'base64',
    );
    return { authorization: `${scheme} ${value}` };
  }

  function nextPush(): Promise<GitPush> {
    return new Promise(resolve => {
      const stop = git.onPush(push => {
        stop();
        resolve(push);
      });
    });
  }

  describe('for the real git', () => {
    it('clones with protocol version 2', async () => {
      const target = await clone('-c', 'protocol.version=2');
      expect(await run('git', ['log', '--format=%s'], { cwd: target })).toBe(
        'Continue\nBegin\n',
      );
    });

    it('clones with the oldest protocol', async () => {
      const target = await clone('-c', 'protocol.version=0');
      expect(
        await run('git', ['show', 'HEAD:a/one.yaml'], { cwd: target }),
      ).toBe('one: 2\n');
    });

    it('clones a part of the history', async () => {
      const target = await clone('--depth=1');
      expect(
        await run('git', ['rev-list', '--count', 'HEAD'], { cwd: target }),
      ).toBe('1\n');
    });

    it('accepts a push and tells who listens', async () => {
      const cwd = await clone();
      const before = (await run('git', ['rev-parse', 'HEAD'], { cwd })).trim();
      const after = await commitFile({
        cwd,
        file: 'new.txt',
        content: 'new\n',
      });
      const pushed = nextPush();
      await run('git', ['push', '--quiet'], { cwd });
      expect(await pushed).toEqual({
        repoUrl: git.cloneUrl('team/things'),
        ref: 'refs/heads/main',
        before,
        after,
      });
      expect(
        await git.resolveRevision({
          repoUrl: git.cloneUrl('team/things'),
          revision: 'main',
        }),
      ).toBe(after);
      expect(await readdir(folder.path('git', 'pushes'))).toEqual([]);
    });

    it('accepts a push of several megabytes, sent in chunks', async () => {
      const cwd = await clone();
      const noise = Array.from({ length: 300_000 }, () =>
        Math.random().toString(36).slice(2, 12),
      ).join('\n');
      const after = await commitFile({
        cwd,
        file: 'large.txt',
        content: noise,
      });
      await run('git', ['push', '--quiet'], { cwd });
      const files = await git.readFiles({
        repoUrl: git.cloneUrl('team/things'),
        commit: after,
        path: 'large.txt',
      });
      expect(files.get('large.txt')).toHaveLength(noise.length);
    });

    it('accepts pushes to several branches at once', async () => {
      const copies = await Promise.all([clone(), clone(), clone()]);
      await Promise.all(
        copies.map(async (cwd, index) => {
          await commitFile({ cwd, file: `b${index}.txt`, content: 'x' });
          await run(
            'git',
            ['push', '--quiet', 'origin', `HEAD:branch-${index}`],
            {
              cwd,
            },
          );
        }),
      );
      for (const index of copies.keys()) {
        expect(
          await git.repository('team/things').resolve(`branch-${index}`),
        ).toMatch(/^[0-9a-f]{40}$/);
      }
    });

    it('refuses a push that is behind', async () => {
      const cwd = await clone();
      await git.commit({
        repository: 'team/things',
        commit: {
          author: ada,
          message: 'Overtake',
          date: new Date(),
          files: new Map([['overtake.txt', 'x\n']]),
        },
      });
      await commitFile({ cwd, file: 'late.txt', content: 'late\n' });
      await expect(run('git', ['push', '--quiet'], { cwd })).rejects.toThrow(
        /fetch first|non-fast-forward/,
      );
    });

    it('refuses a clone with a wrong token', async () => {
      const url = git
        .cloneUrl('team/things')
        .replace('://', '://portal:wrong@');
      await expect(
        run('git', ['clone', '--quiet', url, folder.path('never')]),
      ).rejects.toThrow(/Authentication failed/);
    });
  });

  describe('for accounts that may not push everywhere', () => {
    function pushAs(who: { username: string; token: string }, name: string) {
      const url = git
        .cloneUrl(name)
        .replace('://', `://${who.username}:${who.token}@`);
      return run('git', ['push', '--quiet', url, 'HEAD:refs/heads/try'], {
        cwd: folder.path('clone-1'),
      });
    }

    beforeAll(async () => {
      if (clones === 0) await clone();
    });

    it('lets a reader clone, and refuses what it pushes', async () => {
      const url = git
        .cloneUrl('team/things')
        .replace('://', '://reader:reads@');
      await run('git', ['clone', '--quiet', url, folder.path('read')]);
      for (const name of ['team/things', 'team/empty']) {
        await expect(pushAs(reader, name)).rejects.toThrow(/error: 403/);
      }
    });

    it('takes a push only for the repositories of the account', async () => {
      await expect(pushAs(writer, 'team/things')).rejects.toThrow(/error: 403/);
      await pushAs(writer, 'team/empty');
      expect(await git.repository('team/empty').resolve('try')).toMatch(
        /^[0-9a-f]{40}$/,
      );
    });

    it.each([
      '/team/things.git/git-receive-pack',
      '/team/things/git-receive-pack',
    ])('refuses a push to %s that skips the question', async path => {
      const response = await fetch(`${git.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${reader.token}` },
      });
      expect(response.status).toBe(403);
      expect(await response.text()).toBe(
        'reader may read team/things, but not push to it\n',
      );
    });
  });

  describe('for HTTP clients', () => {
    const refs = '/team/things.git/info/refs?service=git-upload-pack';

    it.each([
      ['Basic', () => basic()],
      ['basic in small letters', () => basic({ scheme: 'basic' })],
      ['Bearer', () => ({ authorization: `Bearer ${account.token}` })],
      [
        'bearer in small letters',
        () => ({ authorization: `bearer ${account.token}` }),
      ],
      ["Gitea's token", () => ({ authorization: `token ${account.token}` })],
    ])('lets in with %s', async (_name, headers) => {
      const response = await fetch(`${git.url}${refs}`, { headers: headers() });
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('refs/heads/main');
    });

    it.each([
      ['nothing', () => ({})],
      ['a wrong password', () => basic({ token: 'wrong' })],
      ['a wrong bearer token', () => ({ authorization: 'Bearer wrong' })],
      [
        'an unknown scheme',
        () => ({ authorization: `Digest ${account.token}` }),
      ],
    ])('asks to sign in with %s', async (_name, headers) => {
      const response = await fetch(`${git.url}${refs}`, {
        headers: headers() as Record<string, string>,
      });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    });

    it('answers on both addresses of localhost', async () => {
      const port = new URL(git.url).port;
      const statuses = await Promise.all(
        ['127.0.0.1', '[::1]'].map(host =>
          fetch(`http://${host}:${port}/healthz`).then(
            response => response.status,
            () => 'not there',
          ),
        ),
      );
      expect(statuses[0]).toBe(200);
      expect([200, 'not there']).toContain(statuses[1]);
    });

    it('understands a compressed request body', async () => {
      const head = await git.repository('team/things').resolve('main');
      const want = `want ${head} no-progress\n`;
      const line = (text: string) =>
        `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
      const response = await fetch(
        `${git.url}/team/things.git/git-upload-pack`,
        {
          method: 'POST',
          headers: {
            ...basic(),
            'content-type': 'application/x-git-upload-pack-request',
            'content-encoding': 'gzip',
          },
          body: gzipSync(`${line(want)}0000${line('done\n')}`),
        },
      );
      expect(response.status).toBe(200);
      const body = Buffer.from(await response.arrayBuffer());
      expect(body.toString('latin1')).toContain('PACK');
    });

    it('says which repositories there are when asked for another', async () => {
      const response = await fetch(`${git.url}/team/other.git/info/refs`, {
        headers: basic(),
      });
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('team/things');
    });

    it('does not leave the folder of the repositories', async () => {
      const port = Number(new URL(git.url).port);
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(
            `GET /team/../../config HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${
              basic().authorization
            }\r\nConnection: close\r\n\r\n`,
          );
        });
        let text = '';
        socket.on('data', chunk => {
          text += chunk;
        });
        socket.on('end', () => resolve(text));
        socket.on('error', reject);
      });
      expect(answer).toMatch(/^HTTP\/1.1 404/);
    });

    it('shows a file where Backstage links to it', async () => {
      const response = await fetch(
        `${git.url}/team/things/src/branch/main/a/one.yaml`,
        { headers: basic() },
      );
      expect(await response.text()).toBe('one: 2\n');
    });
  });

  describe("for Backstage's gitea reader", () => {
    const api = '/api/v1/repos/team/things';

    it('gives a file with its content and a tag that saves the next read', async () => {
      const url = `${git.url}${api}/contents/a/one.yaml?ref=main`;
      const response = await fetch(url, {
        headers: basic({ scheme: 'basic' }),
      });
      const body = await response.json();
      expect(body).toMatchObject({
        path: 'a/one.yaml',
        type: 'file',
        encoding: 'base64',
      });
      expect(Buffer.from(body.content, 'base64').toString()).toBe('one: 2\n');
      expect(response.headers.get('last-modified')).not.toBeNull();
      const again = await fetch(url, {
        headers: {
          ...basic(),
          'if-none-match': response.headers.get('etag') ?? '',
        },
      });
      expect(again.status).toBe(304);
    });

    it('lists a folder', async () => {
      const response = await fetch(`${git.url}${api}/contents/a?ref=main`, {
        headers: basic(),
      });
      expect(await response.json()).toMatchObject([
        { name: 'b', path: 'a/b', type: 'dir' },
        { name: 'one.yaml', path: 'a/one.yaml', type: 'file' },
      ]);
    });

    it('gives an archive whose files stand below one folder', async () => {
      const response = await fetch(`${git.url}${api}/archive/main.tar.gz`, {
        headers: basic(),
      });
      const file = folder.path('archive.tar.gz');
      await writeFile(file, Buffer.from(await response.arrayBuffer()));
      const listed = await run('tar', ['-tzf', file]);
      expect(listed).toContain('things/a/one.yaml');
    });

    it('gives the commit of a branch', async () => {
      const response = await fetch(`${git.url}${api}/git/commits/main`, {
        headers: basic(),
      });
      const head = await git.repository('team/things').resolve('main');
      expect(await response.json()).toMatchObject({ sha: head });
    });

    it.each([
      '/contents/nowhere.yaml?ref=main',
      '/contents/a/one.yaml?ref=nowhere',
      '/git/commits/nowhere',
      '/archive/--output=x.tar.gz',
    ])('answers 404 for %s', async path => {
      const response = await fetch(`${git.url}${api}${path}`, {
        headers: basic(),
      });
      expect(response.status).toBe(404);
      expect(await response.json()).toHaveProperty('message');
    });

    it('is closed to those who do not sign in', async () => {
      const response = await fetch(`${git.url}${api}/git/commits/main`);
      expect(response.status).toBe(401);
    });
  });

  describe('as a reader', () => {
    const repoUrl = () => git.cloneUrl('team/things');

    it('reads a whole tree, and parts of it', async () => {
      const commit = (await git.resolveRevision({
        repoUrl: repoUrl(),
        revision: 'main',
      })) as string;
      const all = await git.readFiles({ repoUrl: repoUrl(), commit });
      expect(all.get('a/b/two ä.yaml')).toBe('two: zwei ä\n');
      expect(all.get('README.md')).toBe('# Things\n');
      const part = await git.readFiles({
        repoUrl: repoUrl(),
        commit,
        path: 'a',
      });
      expect([...part.keys()]).toEqual(['a/b/two ä.yaml', 'a/one.yaml']);
      const none = await git.readFiles({
        repoUrl: repoUrl(),
        commit,
        path: 'x',
      });
      expect(none.size).toBe(0);
    });

    it('reads an old tree after a new one', async () => {
      const resolve = (revision: string) =>
        git.resolveRevision({
          repoUrl: repoUrl(),
          revision,
        }) as Promise<string>;
      const root = (
        await run('git', ['rev-list', '--max-parents=0', 'main'], {
          cwd: git.repository('team/things').directory,
        })
      ).trim();
      const now = await git.readFiles({
        repoUrl: repoUrl(),
        commit: await resolve('main'),
      });
      const then = await git.readFiles({ repoUrl: repoUrl(), commit: root });
      expect(now.get('a/one.yaml')).toBe('one: 2\n');
      expect(then.get('a/one.yaml')).toBe('one: 1\n');
    });

    it('reads only what is different in another commit', async () => {
      const repository = git.repository('team/things');
      const from = String(await repository.resolve('main'));
      const { after } = await git.commit({
        repository: 'team/things',
        commit: {
          author: ada,
          message: 'Change, add and remove',
          date: new Date(),
          files: new Map([
            ['a/one.yaml', 'one: 3\n'],
            ['a/new ü.yaml', 'new: ü\n'],
            ['README.md', undefined],
          ]),
        },
      });
      const changes = { repoUrl: repoUrl(), from, to: after };
      expect(await git.readChanges(changes)).toEqual(
        new Map([
          ['a/one.yaml', 'one: 3\n'],
          ['a/new ü.yaml', 'new: ü\n'],
          ['README.md', undefined],
        ]),
      );
      const back = { repoUrl: repoUrl(), from: after, to: from };
      expect(await git.readChanges(back)).toEqual(
        new Map([
          ['a/one.yaml', 'one: 2\n'],
          ['a/new ü.yaml', undefined],
          ['README.md', '# Things\n'],
        ]),
      );
      const none = { repoUrl: repoUrl(), from, to: from };
      expect(await git.readChanges(none)).toEqual(new Map());
      await expect(
        git.readChanges({ repoUrl: repoUrl(), from, to: 'f'.repeat(40) }),
      ).rejects.toThrow(/team\/things has no commit/);
      // As it was, for the tests that follow.
      await git.commit({
        repository: 'team/things',
        commit: {
          author: ada,
          message: 'Undo',
          date: new Date(),
          files: await git.readChanges(back),
        },
      });
    });

    it('describes a commit with its tags', async () => {
      const commit = await git.repository('team/things').resolve('main~1');
      const cwd = git.repository('team/things').directory;
      await run('git', ['tag', 'v1.0.0', String(commit)], { cwd });
      expect(
        await git.readCommit({ repoUrl: repoUrl(), commit: String(commit) }),
      ).toMatchObject({ tags: ['v1.0.0'] });
      const root = await git.repository('team/things').history();
      expect(
        await git.readCommit({ repoUrl: repoUrl(), commit: root.first }),
      ).toEqual({
        author: 'Ada <ada@slipway.example>',
        date: '2026-01-01T10:00:00Z',
        message: 'Begin',
        tags: [],
      });
    });

    it.each(['nowhere', '--all', '', 'main:README.md', 'f'.repeat(40)])(
      'knows no revision %p',
      async revision => {
        expect(
          await git.resolveRevision({ repoUrl: repoUrl(), revision }),
        ).toBeUndefined();
      },
    );

    it('has no commit in an empty repository', async () => {
      expect(
        await git.resolveRevision({
          repoUrl: git.cloneUrl('team/empty'),
          revision: 'HEAD',
        }),
      ).toBeUndefined();
    });

    it('finds a repository under a port of earlier days, not on another machine', async () => {
      const find = (url: string) =>
        git.resolveRevision({ repoUrl: url, revision: 'main' });
      expect(await find('http://127.0.0.1:1/team/things')).toMatch(
        /^[0-9a-f]+$/,
      );
      await expect(find('https://example.org/team/things.git')).rejects.toThrow(
        /has no repository/,
      );
      await expect(find('git@localhost:team/things')).rejects.toThrow(
        /is not the URL/,
      );
    });

    it('says which commit is missing', async () => {
      await expect(
        git.readFiles({ repoUrl: repoUrl(), commit: 'f'.repeat(40) }),
      ).rejects.toThrow(/team\/things has no commit/);
    });
  });

  describe('as a writer', () => {
    it('removes a file, and tells who listens', async () => {
      const pushed = nextPush();
      const moved = await git.commit({
        repository: 'team/things',
        commit: {
          author: ada,
          message: 'Tidy up',
          date: new Date(),
          files: new Map([['README.md', undefined]]),
        },
      });
      expect(await pushed).toMatchObject(moved);
      const files = await git.readFiles({
        repoUrl: git.cloneUrl('team/things'),
        commit: moved.after,
      });
      expect(files.has('README.md')).toBe(false);
      expect(files.has('a/one.yaml')).toBe(true);
    });

    it('puts commits that are asked for at once one after the other', async () => {
      const repository = git.repository('team/things');
      const moves = await Promise.all(
        ['x', 'y', 'z'].map(name =>
          repository.commit({
            author: ada,
            message: name,
            date: new Date(),
            files: new Map([[`${name}.txt`, name]]),
          }),
        ),
      );
      expect(moves[1].before).toBe(moves[0].after);
      expect(moves[2].before).toBe(moves[1].after);
    });
  });

  it('keeps everything when it is started again', async () => {
    const directory = folder.path('again');
    const options = { directory, repositories: ['a/b'], accounts: [account] };
    const first = await DefaultGitServer.create(options);
    expect(first.fresh).toEqual(['a/b']);
    const { after } = await first.repository('a/b').commit({
      author: ada,
      message: 'Begin',
      date: new Date(),
      files: new Map([['x', 'y']]),
    });
    const second = await DefaultGitServer.create(options);
    expect(second.fresh).toEqual([]);
    expect(await second.repository('a/b').resolve('HEAD')).toBe(after);
  });

  it('names the port that is in use and how to choose another', async () => {
    const other = await DefaultGitServer.create({
      directory: folder.path('other'),
      repositories: [],
      accounts: [],
    });
    const port = Number(new URL(git.url).port);
    await expect(other.start({ port })).rejects.toThrow(
      `Port ${port} for the Git server is in use: stop what uses it, or choose other ports with --port-base`,
    );
  });

  it('ends the program behind a client that goes away', async () => {
    const port = Number(new URL(git.url).port);
    const socket = connect(port, '127.0.0.1');
    await new Promise(resolve => socket.once('connect', resolve));
    socket.write(
      `POST /team/things.git/git-receive-pack HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${
        basic().authorization
      }\r\nContent-Type: application/x-git-receive-pack-request\r\nContent-Length: 1000000\r\n\r\n0000`,
    );
    await waitFor(async () => (await backends()) > 0);
    socket.destroy();
    await waitFor(async () => (await backends()) === 0);
    expect(await backends()).toBe(0);
  });
});

/** How many `git http-backend` this process is the parent of. */
async function backends(): Promise<number> {
  const listed = await run('ps', [
    '--ppid',
    String(process.pid),
    '-o',
    'args=',
  ]).catch(() => '');
  return listed.split('\n').filter(line => line.includes('http-backend'))
    .length;
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error('It did not happen within five seconds');
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}
