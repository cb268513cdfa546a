import { readFile, stat, writeFile } from 'node:fs/promises';
import { temporaryFolder } from './__testUtils__/temporaryFolder';
import { loadSecrets } from './secrets';

describe('loadSecrets', () => {
  const folder = temporaryFolder();

  it('makes different secrets, and keeps them for their owner alone', async () => {
    const file = folder.path('new', 'secrets.json');
    const secrets = await loadSecrets({ file });
    expect(new Set(Object.values(secrets)).size).toBe(4);
    expect(await loadSecrets({ file })).toEqual(secrets);

    expect((await stat(file)).mode.toString(8)).toMatch(/600$/);
  });

  it('adds what a folder of an older sandbox has not, and keeps the rest', async () => {
    const file = folder.path('old.json');
    await writeFile(
      file,
      JSON.stringify({ gitToken: 'kept', oidcClientSecret: 'kept too' }),
    );
    const secrets = await loadSecrets({ file });
    expect(secrets).toEqual({
      gitToken: 'kept',
      gitActToken: expect.stringMatching(/^[\w-]{43}$/),
      gitDeveloperToken: expect.stringMatching(/^[\w-]{43}$/),
      oidcClientSecret: 'kept too',
    });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(secrets);
  });
});
