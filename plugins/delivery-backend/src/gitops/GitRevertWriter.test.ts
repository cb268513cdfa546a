import { execFile } from 'node:child_process';
import { chmod, mkdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { DefaultGitServer } from '@slipway/sandbox';
import { eventually } from '../__testUtils__/eventually';
import { GitProxy } from '../__testUtils__/GitProxy';
import { GitLimits, GitRevertWriter } from './GitRevertWriter';
import { RevertDraft, RevertRequest } from './RevertWriter';

// Each test starts several processes of Git, which a busy machine delays.
jest.setTimeout(60_000);

const TOKEN = 's3cret/with+signs';
const OVERLAY = 'apps/checkout/overlays/production';
const FILE = `${OVERLAY}/kustomization.yaml`;

function kustomization(tag: string, replicas = 2): string {
  return `# Released by hand; see RELEASING.md
images:
  - name: registry.example/checkout
    newTag: ${tag}   # keep me

# Enough for the evening
replicas:
  - count: ${replicas}
    name: checkout
`;
}

const run = promisify(execFile);

describe('GitRevertWriter', () => {
  const folder = createMockDirectory();
  let server: DefaultGitServer;
  let proxy: GitProxy;
  let request: RevertRequest;
  let repository = '';
  let count = 0;
  /** Each test has one of these to itself. */
  const names = Array.from(
    { length: 60 },
    (_, index) => `team/gitops-${index}`,
  );

  beforeAll(async () => {
    server = await DefaultGitServer.create({
      directory: folder.resolve('git'),
      repositories: names,
      accounts: [
        { username: 'portal', token: TOKEN, mayPush: 'everywhere' },
        { username: 'reader', token: 'reader', mayPush: [] },
      ],
    });
    await server.start({ port: 0 });
  });
  afterAll(() => server.stop());

  beforeEach(async () => {
    repository = names[count++];
    proxy = await GitProxy.start(server.url);
    const back = await push({ [FILE]: kustomization('v1.8.2'), README: '1' });
    const taken = await push({ [FILE]: kustomization('v1.9.0') });
    request = {
      repoUrl: `${proxy.url}/${repository}.git`,
      paths: [OVERLAY],
      taken,
      back,
    };
  });
  afterEach(() => proxy.stop());

  function writer(
    options: {
      username?: string;
      token?: string;
      url?: string;
      limits?: Partial<GitLimits>;
    } = {},
  ): GitRevertWriter {
    const { username = 'portal', token = TOKEN, url = proxy.url } = options;
    return GitRevertWriter.create({
      credentials: [{ url, username, token }],
      ...(options.limits && { limits: options.limits }),
    });
  }

  /** Somebody else's push. */
  async function push(files: {
    [path: string]: string | undefined;
  }): Promise<string> {
    const { after } = await server.commit({
      repository,
      commit: {
        author: { name: 'Ada', email: 'ada@slipway.example' },
        message: 'Change something',
        date: new Date('2026-11-01T10:00:00Z'),
        files: new Map(Object.entries(files)),
      },
    });
    return after;
  }

  async function git(...args: string[]): Promise<string> {
    const { directory } = server.repository(repository);
    const { stdout } = await run('git', ['-C', directory, ...args]);
    return stdout;
  }

  const read = (path: string) => git('show', `main:${path}`);
  const commits = async () =>
    (await git('log', '--format=%s', 'main')).trim().split('\n');

  function draft(
    by = writer(),
    part: Partial<RevertRequest> = {},
  ): Promise<RevertDraft> {
    return by.draft({
      ...request,
      ...part,
      signal: new AbortController().signal,
    });
  }

  function commit(
    { fingerprint }: Pick<RevertDraft, 'fingerprint'>,
    options: {
      by?: GitRevertWriter;
      actionId?: string;
      reason?: string;
      signal?: AbortSignal;
    } = {},
  ) {
    const { by = writer(), actionId = 'a-1', reason = 'It is slow' } = options;
    return by.commit({
      ...request,
      fingerprint,
      actionId,
      reason,
      subject: 'Put checkout v1.8.2 back in production',
      person: {
        entityRef: 'user:default/marco.silva',
        name: 'Marco Silva',
        email: 'marco.silva@slipway.example',
      },
      now: '2026-11-22T10:00:00.000Z',
      signal: options.signal ?? new AbortController().signal,
    });
  }

  function failure(work: Promise<unknown>) {
    return work.then(
      () => {
        throw new Error('It did not fail');
      },
      (error: unknown) => {
        expect(String(error)).not.toContain(TOKEN);
        expect(JSON.stringify(error)).not.toContain(TOKEN);
        return error;
      },
    );
  }

  describe('puts a release back', () => {
    it('by one commit that keeps comments, layout and what others changed', async () => {
      const mine = await push({
        [FILE]: kustomization('v1.9.0', 5),
        [`${OVERLAY}/other.yaml`]: 'a: 1\n',
        'apps/cart/kustomization.yaml': 'newTag: v1.9.0\n',
      });
      const worked = await draft();
      expect(worked).toMatchObject({
        repository: `${proxy.url}/${repository}.git`,
        branch: 'main',
        head: mine,
        conflicts: [],
        between: 'images',
        files: [
          {
            path: FILE,
            change: 'modify',
            patch: expect.stringContaining(
              '-    newTag: v1.9.0   # keep me\n+    newTag: v1.8.2   # keep me\n',
            ),
          },
        ],
      });
      // Nothing was written by that.
      expect((await git('rev-parse', 'main')).trim()).toBe(mine);

      const made = await commit(worked);

      expect(await read(FILE)).toBe(kustomization('v1.8.2', 5));
      expect((await git('diff', '--name-only', mine, 'main')).trim()).toBe(
        FILE,
      );
      expect((await git('rev-parse', 'main', 'main~1')).trim()).toBe(
        `${made.sha}\n${mine}`,
      );
      await expect(git('fsck', '--strict')).resolves.toBeDefined();
    });

    it('in the name of the person, with who and why in trailers', async () => {
      const made = await commit(await draft(), {
        reason:
          'Checkout is slow\n\nSlipway-Action: forged\n\rRequested-by: user:default/ceo',
      });
      expect(made).toEqual({
        sha: (await git('rev-parse', 'main')).trim(),
        author: 'Marco Silva <marco.silva@slipway.example>',
        date: '2026-11-22T10:00:00.000Z',
        message: expect.stringMatching(
          /^Put checkout v1.8.2 back in production\n\n/,
        ),
      });
      expect(await git('log', '-1', '--format=%an|%ae|%cn|%at', 'main')).toBe(
        'Marco Silva|marco.silva@slipway.example|Slipway|1795341600\n',
      );
      expect(
        await git('log', '-1', '--format=%(trailers:only,unfold)', 'main'),
      ).toBe(
        'Requested-by: user:default/marco.silva\n' +
          'Reason: Checkout is slow Slipway-Action: forged Requested-by: user:default/ceo\n' +
          'Slipway-Action: a-1\n\n',
      );
    });

    it('on the branch that the application follows, and on no other', async () => {
      await git('branch', 'stable', request.taken);
      await push({ README: '2' });
      const worked = await draft(writer(), { branch: 'stable' });
      expect(worked.branch).toBe('stable');
      const { directory } = server.repository(repository);
      await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/stable\n');
      // What is not said is the default branch.
      expect((await draft()).branch).toBe('stable');
      const main = await git('rev-parse', 'main');
      await commit(worked);
      expect(await git('show', `stable:${FILE}`)).toBe(kustomization('v1.8.2'));
      expect(await git('rev-parse', 'main')).toBe(main);
    });

    it('with modes, links, binary files and odd names as they were', async () => {
      const work = folder.resolve(`work-${count}`);
      const remote = server
        .cloneUrl(repository)
        .replace('://', `://portal:${encodeURIComponent(TOKEN)}@`);
      await run('git', ['clone', '--quiet', remote, work]);
      const inWork = (...args: string[]) =>
        run('git', [
          '-C',
          work,
          '-c',
          'user.name=A',
          '-c',
          'user.email=a@b',
          ...args,
        ]);
      const save = async (message: string) => {
        await inWork('add', '--all');
        await inWork('commit', '--quiet', '-m', message);
        await inWork('push', '--quiet', 'origin', 'HEAD:main');
        return (await inWork('rev-parse', 'HEAD')).stdout.trim();
      };
      const at = (name: string) => join(work, OVERLAY, name);
      const odd = [
        'with space.yaml',
        'ümlaut ✓.yaml',
        '"quoted".yaml',
        '-dash.yaml',
        '$(touch x).yaml',
        'line\nbreak.yaml',
        '__proto__',
        'deep/er/file.yaml',
      ];
      await mkdir(dirname(at('deep/er/file.yaml')), { recursive: true });
      for (const name of odd) {
        await writeFile(at(name), `name: ${name}\nvalue: 1\n`);
      }
      await writeFile(at('binary'), Buffer.from([0, 255, 13, 10, 1]));
      await writeFile(at('crlf.yaml'), 'a: 1\r\nb: 1\r\nc: 1');
      await writeFile(at('run.sh'), '#!/bin/sh\n');
      await chmod(at('run.sh'), 0o755);
      await symlink('run.sh', at('link'));
      await writeFile(at('gone.yaml'), 'here: 1\n');
      const back = await save('before');

      for (const name of odd) {
        await writeFile(at(name), `name: ${name}\nvalue: 2\n`);
      }
      await writeFile(at('binary'), Buffer.from([0, 255, 2]));
      await writeFile(at('crlf.yaml'), 'a: 1\r\nb: 2\r\nc: 1');
      await chmod(at('run.sh'), 0o644);
      await inWork('rm', '--quiet', join(OVERLAY, 'link'));
      await symlink('other', at('link'));
      await inWork('rm', '--quiet', join(OVERLAY, 'gone.yaml'));
      await mkdir(at('new'), { recursive: true });
      await writeFile(at('new/file.yaml'), 'new: 1\n');
      const taken = await save('after');
      await push({ [`${OVERLAY}/more.yaml`]: 'more: 1\n' });

      request = { ...request, back, taken, paths: [`./${OVERLAY}/`] };
      const worked = await draft();
      expect(worked.conflicts).toEqual([]);
      expect(worked.files.map(({ path }) => path)).toContain(
        `${OVERLAY}/line\nbreak.yaml`,
      );
      await commit(worked);

      const tree = (commitish: string) =>
        git('ls-tree', '-r', '-z', commitish, '--', OVERLAY);
      const more = (await tree('main'))
        .split('\0')
        .filter(line => line.includes('more.yaml'));
      expect(more).toHaveLength(1);
      // Modes, contents and names, of every file.
      expect((await tree('main')).replace(`${more[0]}\0`, '')).toBe(
        await tree(back),
      );
      await inWork('pull', '--quiet');
      expect(await readlink(at('link'))).toBe('run.sh');
      await expect(git('fsck', '--strict')).resolves.toBeDefined();
    });

    it('from a history that is longer than its first steps', async () => {
      const { directory } = server.repository(repository);
      await server.repository(repository).import(
        Array.from({ length: 40 }, (_, index) => ({
          author: { name: 'Ada', email: 'ada@slipway.example' },
          message: `Commit ${index}`,
          date: new Date('2026-11-02T10:00:00Z'),
          files: new Map([['README', `${index}\n`]]),
        })),
        {
          from: (
            await run('git', ['-C', directory, 'rev-parse', 'main'])
          ).stdout.trim(),
        },
      );
      const by = writer({ limits: { depths: [3, 10, 100] } });
      await commit(await draft(by), { by });
      expect(await read(FILE)).toBe(kustomization('v1.8.2'));
      expect(await commits()).toHaveLength(43);
      await expect(git('fsck', '--strict')).resolves.toBeDefined();

      const near = writer({ limits: { depths: [3, 10] } });
      expect(await failure(draft(near))).toMatchObject({
        kind: 'not-found',
        message: expect.stringMatching(/not among the last 10 commits/),
      });
    });
  });

  describe('when others push at the same time', () => {
    it('goes through beside a change of another file', async () => {
      const worked = await draft();
      let pushes = 0;
      proxy.interfere = async ({ method, url }) => {
        if (method === 'POST' && url?.endsWith('receive-pack') && !pushes++) {
          await push({ README: 'in between' });
        }
        return { kind: 'pass' };
      };
      await commit(worked);
      expect(pushes).toBe(2);
      expect(await read('README')).toBe('in between');
      expect(await read(FILE)).toBe(kustomization('v1.8.2'));
      expect((await commits()).slice(0, 2)).toEqual([
        'Put checkout v1.8.2 back in production',
        'Change something',
      ]);
    });

    it('does not write over what they changed in the same lines', async () => {
      const worked = await draft();
      let pushes = 0;
      proxy.interfere = async ({ method, url }) => {
        if (method === 'POST' && url?.endsWith('receive-pack') && !pushes++) {
          await push({ [FILE]: kustomization('v1.9.1') });
        }
        return { kind: 'pass' };
      };
      expect(await failure(commit(worked))).toMatchObject({
        kind: 'changed',
        message: expect.stringContaining(FILE),
      });
      expect(await read(FILE)).toBe(kustomization('v1.9.1'));
      expect((await draft()).conflicts).toEqual([FILE]);
    });

    it('does not commit anything else than was shown, even if it would merge', async () => {
      const worked = await draft();
      await push({ [FILE]: kustomization('v1.9.0', 7) });
      expect(await failure(commit(worked))).toMatchObject({ kind: 'changed' });
      // What is pushed elsewhere does not count.
      const again = await draft();
      await push({ README: 'elsewhere' });
      expect((await draft()).fingerprint).toBe(again.fingerprint);
      await commit(again);
      expect(await read(FILE)).toBe(kustomization('v1.8.2', 7));
    });

    it('gives up when they are always first', async () => {
      const worked = await draft();
      let pushes = 0;
      proxy.interfere = async ({ method, url }) => {
        if (method === 'POST' && url?.endsWith('receive-pack')) {
          await push({ README: `push ${pushes++}` });
        }
        return { kind: 'pass' };
      };
      expect(
        await failure(
          commit(worked, { by: writer({ limits: { pushes: 3 } }) }),
        ),
      ).toMatchObject({ kind: 'unavailable' });
      expect(pushes).toBe(3);
      expect(await read(FILE)).toBe(kustomization('v1.9.0'));
    });
  });

  describe('once for each action', () => {
    it('finds its commit when the answer to the push was lost', async () => {
      const worked = await draft();
      let pushes = 0;
      proxy.interfere = ({ method, url }) => ({
        kind:
          method === 'POST' && url?.endsWith('receive-pack') && !pushes++
            ? 'lose-answer'
            : 'pass',
      });
      await commit(worked);
      expect(pushes).toBe(1);
      expect(await commits()).toHaveLength(3);
    });

    it('finds its commit when it was killed between the push and its answer', async () => {
      const worked = await draft();
      const killed = new AbortController();
      proxy.interfere = ({ method, url }) => {
        if (killed.signal.aborted) {
          return { kind: 'hang' };
        }
        if (method === 'POST' && url?.endsWith('receive-pack')) {
          setImmediate(() => killed.abort(new Error('killed')));
          return { kind: 'lose-answer' };
        }
        return { kind: 'pass' };
      };
      expect(
        String(await failure(commit(worked, { signal: killed.signal }))),
      ).toBe('Error: killed');
      await eventually(async () => expect(await commits()).toHaveLength(3));
      proxy.interfere = () => ({ kind: 'pass' });
      await push({ README: 'later' });
      const found = await commit(worked);
      expect(found.sha).toBe((await git('rev-parse', 'main~1')).trim());
      expect(await commits()).toHaveLength(4);
    });

    it('makes one commit when two replicas carry out the same action', async () => {
      const worked = await draft();
      const made = await Promise.all([
        commit(worked, { by: writer() }),
        commit(worked, { by: writer() }),
      ]);
      expect(made[0]).toEqual(made[1]);
      expect(await commits()).toHaveLength(3);
    });

    it('makes another one for another action', async () => {
      const worked = await draft();
      const first = await commit(worked);
      await push({ [FILE]: kustomization('v1.9.0') });
      const second = await commit(worked, { actionId: 'a-2' });
      expect(second.sha).not.toBe(first.sha);
    });
  });

  describe('refuses', () => {
    it('to write with an account that may only read', async () => {
      const by = writer({ username: 'reader', token: 'reader' });
      expect(await failure(commit(await draft(by), { by }))).toMatchObject({
        kind: 'forbidden',
        message: expect.stringContaining('may not write'),
      });
      expect(await commits()).toHaveLength(2);
    });

    it('to go on when the branch is protected, and passes the reason on', async () => {
      const worked = await draft();
      const { directory } = server.repository(repository);
      const hook = join(directory, 'hooks', 'update');
      await writeFile(hook, `#!/bin/sh\necho "token ${TOKEN}" >&2\nexit 1\n`);
      await chmod(hook, 0o755);
      expect(await failure(commit(worked))).toMatchObject({
        kind: 'forbidden',
        message: expect.stringMatching(/did not take the commit: .*hook/),
      });
    });

    it('a wrong token without telling it', async () => {
      const by = writer({ token: `${TOKEN}-old` });
      expect(await failure(draft(by))).toMatchObject({
        kind: 'forbidden',
        message: expect.stringContaining('does not accept'),
      });
    });

    it('to ask a host, or a path, that no credential is for', async () => {
      const by = writer({ url: `${proxy.url}/team/gitops` });
      for (const repoUrl of [
        request.repoUrl,
        request.repoUrl.replace('127.0.0.1', 'localhost'),
        `${proxy.url}/team/gitops/%2e%2e/gitops-0.git`,
        'ssh://git@127.0.0.1/team/gitops',
        'file:///etc/passwd',
        'git@github.com:team/gitops.git',
      ]) {
        expect(by.whyReadOnly(repoUrl)).toEqual(expect.any(String));
        expect(await failure(draft(by, { repoUrl }))).toMatchObject({
          kind: 'forbidden',
        });
      }
      expect(proxy.requests).toEqual([]);
      expect(writer().whyReadOnly(request.repoUrl)).toBeUndefined();
    });

    it('to follow to another host, and does not take its token there', async () => {
      const other = await GitProxy.start(server.url);
      try {
        proxy.interfere = ({ url }) => ({
          kind: 'answer',
          status: 301,
          headers: { location: `${other.url}${url}` },
        });
        expect(await failure(draft())).toMatchObject({
          kind: 'unavailable',
          message: expect.stringContaining('does not follow'),
        });
        expect(other.requests).toEqual([]);
      } finally {
        await other.stop();
      }
    });

    it('to run in circles', async () => {
      proxy.interfere = ({ url }) => ({
        kind: 'answer',
        status: 302,
        headers: { location: `${proxy.url}${url}` },
      });
      expect(await failure(draft())).toMatchObject({ kind: 'unavailable' });
      expect(proxy.requests).toHaveLength(4);
    });

    it.each([
      ['a repository that is gone', { repoUrl: 'team/nothing.git' }],
      ['a branch that is not there', { branch: 'nothing' }],
      ['a folder that is not there', { paths: ['apps/nothing'] }],
      ['a way out of the repository', { paths: ['../../etc'] }],
      ['a file in the place of a folder', { paths: [FILE] }],
      ['a commit that is not there', { back: 'f'.repeat(40) }],
    ])('%s', async (_what, part) => {
      const repoUrl =
        'repoUrl' in part ? `${proxy.url}/${part.repoUrl}` : request.repoUrl;
      expect(
        await failure(draft(writer(), { ...part, repoUrl })),
      ).toMatchObject({ kind: 'not-found' });
    });

    it('a tag in the place of a branch, whatever the tag is called', async () => {
      await git('tag', 'v1.9.0', 'main');
      expect(
        await failure(draft(writer(), { branch: 'v1.9.0' })),
      ).toMatchObject({
        kind: 'not-found',
        message: expect.stringContaining('is a tag, not a branch'),
      });
      // A tag with the name of the branch does not stand in its place.
      await git('tag', 'main', request.back);
      expect((await draft(writer(), { branch: 'main' })).head).toBe(
        request.taken,
      );
    });
  });

  describe('with a server that is not well', () => {
    it('says so when nothing listens', async () => {
      const by = writer();
      await proxy.stop();
      expect(await failure(draft(by))).toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('ECONNREFUSED'),
      });
      proxy = await GitProxy.start(server.url);
    });

    it('stops waiting when the caller does', async () => {
      proxy.interfere = () => ({ kind: 'hang' });
      const controller = new AbortController();
      const reason = new Error('The person left');
      const waiting = writer().draft({
        ...request,
        signal: controller.signal,
      });
      const failed = failure(waiting);
      controller.abort(reason);
      expect(await failed).toBe(reason);
    });

    it('stops waiting after a time of its own', async () => {
      proxy.interfere = ({ method }) => ({
        kind: method === 'POST' ? 'hang' : 'pass',
      });
      expect(
        await failure(draft(writer({ limits: { timeoutMs: 300 } }))),
      ).toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('took longer than 0.3 seconds'),
      });
    });

    it.each([500, 502, 429, 503])('says that it answers %s', async status => {
      proxy.interfere = () => ({ kind: 'answer', status });
      expect(await failure(draft())).toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining(String(status)),
      });
    });

    it('is not taken in by what is no Git server', async () => {
      proxy.interfere = () => ({
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'text/html' },
      });
      expect(await failure(draft())).toMatchObject({ kind: 'unavailable' });
    });

    it('does not receive more than it can keep', async () => {
      expect(
        await failure(draft(writer({ limits: { mostBytes: 600 } }))),
      ).toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('larger than'),
      });
    });

    it('follows to where the same host says that the repository is', async () => {
      const old = `${proxy.url}/old/name`;
      proxy.interfere = ({ url = '' }) =>
        url.startsWith('/old/name/info')
          ? {
              kind: 'answer',
              status: 301,
              headers: {
                location: url.replace('/old/name', `/${repository}.git`),
              },
            }
          : { kind: 'pass' };
      request = { ...request, repoUrl: old };
      await commit(await draft());
      expect(await read(FILE)).toBe(kustomization('v1.8.2'));
    });
  });
});
