import { readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '../../__testUtils__/temporaryFolder';
import { Journal } from './journal';

const folder = temporaryFolder();

async function open(name: string) {
  const entries = new Map<string, unknown>();
  const file = folder.path(name);
  const journal = await Journal.open({
    file,
    onEntry: (key, value) => entries.set(key, value),
    onError: error => {
      throw error;
    },
  });
  journal.setSource(() => entries);
  return {
    file,
    journal,
    entries,
    set: (key: string, value: unknown) => {
      entries.set(key, value);
      journal.set(key, () => entries.get(key));
    },
  };
}

describe('Journal', () => {
  it('gives back the last value of each key, and nothing deleted', async () => {
    const { journal, set } = await open('values');
    set('a', 1);
    set('ä', { text: 'zwei\n' });
    set('b', 3);
    await journal.flush();
    set('a', 4);
    journal.delete('b');
    await journal.flush();
    const { entries } = await open('values');
    expect([...entries]).toEqual([
      ['a', 4],
      ['ä', { text: 'zwei\n' }],
    ]);
  });

  it('reads lines longer than what is read at once', async () => {
    const { journal, set } = await open('long');
    const long = 'ü'.repeat(1_500_000);
    set('a', long);
    set('b', 'short');
    await journal.flush();
    const { entries } = await open('long');
    expect(entries.get('a') === long).toBe(true);
    expect(entries.get('b')).toBe('short');
  });

  it('leaves out a line that was being written, and goes on after it', async () => {
    const { file, journal, set } = await open('torn');
    set('a', 1);
    await journal.flush();
    await writeFile(file, `${await readFile(file, 'utf8')}{"key":"b","val`);
    const torn = await open('torn');
    expect([...torn.entries]).toEqual([['a', 1]]);
    torn.set('c', 2);
    await torn.journal.flush();
    const { entries } = await open('torn');
    expect([...entries]).toEqual([
      ['a', 1],
      ['c', 2],
    ]);
  });

  it('writes all or nothing of what is made up while it is held', async () => {
    const { journal, set } = await open('held');
    journal.hold();
    set('a', 1);
    set('b', 2);
    await journal.flush();
    expect((await open('held')).entries.size).toBe(0);
    journal.release();
    set('b', 3);
    await journal.flush();
    const { entries } = await open('held');
    expect([...entries]).toEqual([
      ['a', 1],
      ['b', 3],
    ]);
  });

  it('writes itself anew when most of it is outdated', async () => {
    const { file, journal, set } = await open('compact');
    for (let round = 0; round < 30; round++) {
      for (let key = 0; key < 100; key++) set(`key-${key}`, round);
      await journal.flush();
    }
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.length).toBeLessThan(2300);
    const { entries } = await open('compact');
    expect(entries.size).toBe(100);
    expect(entries.get('key-99')).toBe(29);
  });
});
