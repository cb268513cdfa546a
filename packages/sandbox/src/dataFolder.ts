import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConflictError, InputError } from '@backstage/errors';
import { z } from 'zod';
import { readFileIfThere, writeFileAtomically } from './util/files';

const schema = z.object({
  seed: z.number(),
  services: z.number(),
  createdAt: z.string(),
  /** Where manifests say that the Git server is. */
  gitUrl: z.string().optional(),
});

/** What a data folder was made with. */
export type DataFolderSettings = z.output<typeof schema>;

/** Everything the sandbox keeps in its data folder. */
const contents = [
  'sandbox.json',
  'secrets.json',
  'credentials.json',
  'scenarios.json',
  'git',
  'oidc',
  'argocd',
] as const;

/** The folder in which a sandbox keeps its state. */
export class DataFolder {
  /**
   * Opens the folder, after making it where there is none.
   *
   * @throws ConflictError when it holds another seed or number of services
   * than asked for; InputError when `fresh` would delete foreign files.
   */
  static async open(options: {
    directory: string;
    /** Delete what an earlier sandbox left there. */
    fresh: boolean;
    seed: number | undefined;
    services: number | undefined;
    now: Date;
  }): Promise<DataFolder> {
    const { directory, fresh, seed, services, now } = options;
    const file = join(directory, 'sandbox.json');
    await mkdir(directory, { recursive: true });
    if (fresh) {
      await empty(directory);
    }
    const stored = await readFileIfThere(file);
    if (stored) {
      const settings = schema.parse(JSON.parse(stored));
      for (const [name, asked, kept] of [
        ['seed', seed, settings.seed],
        ['services', services, settings.services],
      ] as const) {
        if (asked !== undefined && asked !== kept) {
          throw new ConflictError(
            `${directory} was made with --${name} ${kept}: leave --${name} out, or start anew with --fresh`,
          );
        }
      }
      return new DataFolder({ directory, settings });
    }
    const folder = new DataFolder({
      directory,
      settings: {
        seed: seed ?? 1,
        services: services ?? 28,
        createdAt: now.toISOString(),
      },
    });
    await folder.#save();
    return folder;
  }

  readonly directory: string;
  #settings: DataFolderSettings;

  private constructor(options: {
    directory: string;
    settings: DataFolderSettings;
  }) {
    this.directory = options.directory;
    this.#settings = options.settings;
  }

  get settings(): DataFolderSettings {
    return this.#settings;
  }

  /** Path of one of the folder's own files and folders. */
  path(name: (typeof contents)[number], ...rest: string[]): string {
    return join(this.directory, name, ...rest);
  }

  /** Remembers where manifests say that the Git server is. */
  async setGitUrl(gitUrl: string): Promise<void> {
    this.#settings = { ...this.#settings, gitUrl };
    await this.#save();
  }

  #save(): Promise<void> {
    return writeFileAtomically({
      file: this.path('sandbox.json'),
      text: JSON.stringify(this.#settings, undefined, 2),
    });
  }
}

async function empty(directory: string): Promise<void> {
  const found = await readdir(directory);
  if (found.length > 0 && !found.includes('sandbox.json')) {
    throw new InputError(
      `${directory} is not empty and no sandbox made it: choose another folder with --data`,
    );
  }
  for (const name of contents) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}
