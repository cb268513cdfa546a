import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../util/errorCode';

/** Wall-clock milliseconds between a change and its line on disk. */
const DEBOUNCE = 500;
/** The file is written anew when it has so many lines for each entry... */
const LINES_PER_ENTRY = 1.25;
/** ...and so many more. Outdated lines make the next start slower. */
const SLACK = 2000;
/** Lines that are written at once; others may work between two batches. */
const BATCH = 200;
/** Bytes that are read at once. */
const CHUNK = 1 << 20;
const NEWLINE = 10;

/**
 * A map on disk: one line of JSON per change, the last one for a key wins. A
 * line that was being written when the process ended is left out, so what is
 * read is always a state that was.
 */
export class Journal {
  /** Opens a file and hands every entry in it to `onEntry`. */
  static async open(options: {
    file: string;
    onEntry: (key: string, value: unknown) => void;
    onError: (error: unknown) => void;
  }): Promise<Journal> {
    const journal = new Journal(options.file, options.onError);
    await mkdir(dirname(options.file), { recursive: true });
    const entries = await journal.#read();
    for (const [key, value] of entries) options.onEntry(key, value);
    return journal;
  }

  readonly #file: string;
  readonly #onError: (error: unknown) => void;
  readonly #keys = new Set<string>();
  /** What is not yet on disk; undefined means deleted. */
  readonly #dirty = new Map<string, () => unknown>();
  #lines = 0;
  #held = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #everything: (() => Iterable<readonly [string, unknown]>) | undefined;

  private constructor(file: string, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Where the whole content comes from when the file is written anew. */
  setSource(everything: () => Iterable<readonly [string, unknown]>): void {
    this.#everything = everything;
  }

  /**
   * Writes nothing until {@link Journal.release}: what is made up in one go
   * is written once, or not at all when the process ends before.
   */
  hold(): void {
    this.#held = true;
  }

  /** Writes everything, in the background, and every change from now on. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#lines = Infinity;
    this.#schedule();
  }

  /** Notes that an entry changed; `value` is asked for when it is written. */
  set(key: string, value: () => unknown): void {
    this.#keys.add(key);
    if (this.#held) return;
    this.#dirty.set(key, value);
    this.#schedule();
  }

  delete(key: string): void {
    if (!this.#keys.delete(key) || this.#held) return;
    this.#dirty.set(key, () => undefined);
    this.#schedule();
  }

  /** Writes what is not yet on disk. */
  async flush(): Promise<void> {
    if (this.#held) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  #schedule(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush().catch(this.#onError);
    }, DEBOUNCE);
    this.#timer.unref();
  }

  async #write(): Promise<void> {
    const changes = [...this.#dirty];
    this.#dirty.clear();
    this.#lines += changes.length;
    if (
      this.#everything &&
      this.#lines > LINES_PER_ENTRY * this.#keys.size + SLACK
    ) {
      await this.#rewrite(this.#everything());
      return;
    }
    for (let start = 0; start < changes.length; start += BATCH) {
      const lines = changes
        .slice(start, start + BATCH)
        .map(([key, value]) => line(key, value()));
      await appendFile(this.#file, lines.join(''), { mode: 0o600 });
    }
  }

  async #rewrite(entries: Iterable<readonly [string, unknown]>): Promise<void> {
    const temporary = `${this.#file}.tmp`;
    await rm(temporary, { force: true });
    const file = await open(temporary, 'w', 0o600);
    let lines = 0;
    try {
      let batch: string[] = [];
      for (const [key, value] of entries) {
        batch.push(line(key, value));
        lines += 1;
        if (batch.length >= BATCH) {
          await file.write(batch.join(''));
          batch = [];
        }
      }
      await file.write(batch.join(''));
    } finally {
      await file.close();
    }
    await rename(temporary, this.#file);
    this.#lines = lines;
  }

  async #read(): Promise<Map<string, unknown>> {
    const entries = new Map<string, unknown>();
    for await (const text of linesOf(this.#file)) {
      this.#lines += 1;
      const entry = parse(text);
      if (!entry) continue;
      if (entry.value === undefined) entries.delete(entry.key);
      else entries.set(entry.key, entry.value);
    }
    for (const key of entries.keys()) this.#keys.add(key);
    // A torn last line must not swallow the first one of this run.
    if (this.#lines > 0) await appendFile(this.#file, '\n');
    return entries;
  }
}

/**
 * The lines of a file; none when it is not there. The readline module of Node
 * does the same at a fifth of the speed, which is seconds for large files.
 */
async function* linesOf(file: string): AsyncGenerator<string> {
  const rest: Buffer[] = [];
  try {
    for await (const data of createReadStream(file, { highWaterMark: CHUNK })) {
      const chunk = data as Buffer;
      let start = 0;
      let end = chunk.indexOf(NEWLINE);
      while (end >= 0) {
        const piece = chunk.subarray(start, end);
        yield rest.length === 0
          ? piece.toString('utf8')
          : Buffer.concat([...rest.splice(0), piece]).toString('utf8');
        start = end + 1;
        end = chunk.indexOf(NEWLINE, start);
      }
      rest.push(chunk.subarray(start));
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const last = Buffer.concat(rest).toString('utf8');
  if (last !== '') yield last;
}

function line(key: string, value: unknown): string {
  return `${JSON.stringify({ key, value })}\n`;
}

function parse(text: string): { key: string; value: unknown } | undefined {
  try {
    const entry = JSON.parse(text) as { key?: unknown; value?: unknown };
    return typeof entry.key === 'string'
      ? { key: entry.key, value: entry.value }
      : undefined;
  } catch {
    return undefined;
  }
}
