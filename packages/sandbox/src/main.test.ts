import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { nodeArguments, startProgram } from './__testUtils__/childProcess';
import { temporaryFolder } from './__testUtils__/temporaryFolder';
import type { SandboxCredentials, SandboxUrls } from './sandbox';

jest.setTimeout(120_000);

const main = require.resolve('./main.ts');

interface Ready {
  urls: SandboxUrls;
  credentials: SandboxCredentials;
}

/** The first of five ports that were free a moment ago. */
async function freePorts(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 20_000);
    const servers = await Promise.all(
      [0, 1, 2, 3, 4].map(offset => listen(base + offset)),
    );
    await Promise.all(
      servers.map(server => server && once(server.close(), 'close')),
    );
    if (servers.every(server => server !== undefined)) {
      return base;
    }
  }
}

function listen(port: number) {
  const server = createServer();
  return new Promise<typeof server | undefined>(resolve => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

async function runToEnd(args: readonly string[]) {
  const child = spawn(process.execPath, nodeArguments(main, args), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', chunk => {
    output += chunk;
  });
  child.stderr.on('data', chunk => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, output, errors };
}

async function isAnswering(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe('the command that starts the sandbox', () => {
  const folder = temporaryFolder();

  it('starts, says where everything is, stops fast, and starts again', async () => {
    const data = folder.path('data');
    const base = await freePorts();
    const args = ['--data', data, '--port-base', String(base)];
    const first = await startProgram<Ready>({ file: main, args });
    const { urls, credentials } = first.ready;
    expect(urls).toEqual({
      oidc: `http://localhost:${base}`,
      git: `http://localhost:${base + 1}`,
      catalog: `http://localhost:${
        base + 1
      }/slipway/catalog/src/branch/main/all.yaml`,
      argocd: {
        microservices: `http://localhost:${base + 2}`,
        n9: `http://localhost:${base + 3}`,
      },
      control: `http://localhost:${base + 4}`,
    });
    expect(
      JSON.parse(
        await readFile(folder.path('data', 'credentials.json'), 'utf8'),
      ),
    ).toEqual(credentials);
    const metadata = await fetch(String(credentials.oidc.metadataUrl));
    expect(await metadata.json()).toMatchObject({ issuer: urls.oidc });
    expect(first.output()).toMatch(/Ready after/);

    const asked = performance.now();
    expect(await first.stop()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(2000);
    expect(await isAnswering(urls.git)).toBe(false);

    const second = await startProgram<Ready>({ file: main, args });
    expect(second.ready).toMatchObject({
      credentials: { git: credentials.git, oidc: credentials.oidc },
    });
    expect(second.output()).not.toContain('Writing repositories');

    const third = await runToEnd(args);
    expect(third).toEqual({
      code: 1,
      output: '',
      errors: `Port ${base} for the OpenID provider is in use: stop what uses it, or choose other ports with --port-base\n`,
    });

    // Its parent has died: nobody is left to send a signal.
    const ended = once(second.child, 'exit');
    second.child.disconnect();
    expect(await ended).toEqual([0, null]);
    expect(await isAnswering(urls.git)).toBe(false);
  });

  it('writes and deletes nothing when a port is in use', async () => {
    const base = await freePorts();
    const other = await listen(base + 3);
    const { port } = other?.address() as AddressInfo;
    const result = await runToEnd([
      '--data',
      folder.path('never'),
      '--port-base',
      String(base),
      '--fresh',
    ]);
    other?.close();
    expect(result.code).toBe(1);
    expect(result.errors).toBe(
      `Port ${port} for the Argo CD of n9 is in use: stop what uses it, or choose other ports with --port-base\n`,
    );
    expect(existsSync(folder.path('never'))).toBe(false);
  });

  it.each([
    [[], /^--data is missing/],
    [
      ['--data', 'x', '--speed', '-1'],
      /^Option '--speed' argument is ambiguous/,
    ],
    [['--data', 'x', '--speed=-1'], /^--speed must be a number above 0/],
    [['--data', 'x', '--port-base', 'http'], /^--port-base must be a whole/],
    [
      ['--data', 'x', '--services', '3'],
      /^--services must be .* from 28 to 5000/,
    ],
    [['--data', 'x', '--portal-url', 'here'], /^--portal-url must be a URL/],
    [['--data', 'x', '--what'], /Unknown option '--what'/],
  ])('answers %j with one sentence', async (args, sentence) => {
    const result = await runToEnd(args);
    expect(result.code).toBe(1);
    expect(result.errors).toMatch(sentence);
    expect(result.errors.trim().split('\n')).toHaveLength(1);
  });

  it('prints its options', async () => {
    const result = await runToEnd(['--help']);
    expect(result.code).toBe(0);
    expect(result.output).toContain('--port-base <port>');
  });
});
