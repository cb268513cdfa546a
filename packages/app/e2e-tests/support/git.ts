import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Portal } from './portal';

/** A clone of a sandbox repository, worked on with plain git. */
export type Clone = {
  read(path: string): string;
  /** Rewrites a file, commits, pushes; answers with the commit's sha. */
  push(options: {
    path: string;
    change: (text: string) => string;
    message: string;
  }): string;
  /** The file as it is in the repository now. */
  pull(path: string): string;
  /** What `git log` prints, of the repository as it is now. */
  log(...words: string[]): string;
  dispose(): void;
};

/** Clones as a person would: with git, a user name and a password. */
export function clone(portal: Portal, repository: string): Clone {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-clone-'));
  const { developerUsername, developerToken } = portal.sandbox.credentials.git;
  const url = new URL(`${portal.sandbox.urls.git}/${repository}`);
  url.username = developerUsername;
  url.password = developerToken;
  const git = (...words: string[]) =>
    execFileSync('git', words, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    }).trim();
  git('clone', '--quiet', url.toString(), '.');
  git('config', 'user.name', 'Robin Release');
  git('config', 'user.email', 'robin@slipway.example');
  return {
    read: path => readFileSync(join(folder, path), 'utf8'),
    push({ path, change, message }) {
      git('pull', '--quiet', '--rebase');
      const file = join(folder, path);
      const before = readFileSync(file, 'utf8');
      const after = change(before);
      if (after === before) {
        throw new Error(`The change leaves ${path} as it was`);
      }
      writeFileSync(file, after);
      git('commit', '--quiet', '--all', '--message', message);
      git('push', '--quiet');
      return git('rev-parse', 'HEAD');
    },
    pull(path) {
      git('pull', '--quiet', '--rebase');
      return readFileSync(join(folder, path), 'utf8');
    },
    log(...words) {
      git('pull', '--quiet', '--rebase');
      return git('log', ...words);
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
