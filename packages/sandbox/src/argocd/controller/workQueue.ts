import { ApplicationName } from '../wire';
import { nameText } from './applications';

/** How much of a comparison is done anew. */
export type RefreshLevel = 'live' | 'normal' | 'hard';

const LEVELS: readonly RefreshLevel[] = ['live', 'normal', 'hard'];

/** An application that waits to be looked at. */
export interface WorkItem {
  readonly name: ApplicationName;
  readonly level: RefreshLevel;
}

/**
 * The applications that wait, each at most once. Those of which something is
 * known to have changed come before those that are only looked at to be sure:
 * after a push to a repository of thousands, nobody waits for all of them.
 */
export class WorkQueue {
  static create(): WorkQueue {
    return new WorkQueue();
  }

  readonly #urgent = new Map<string, WorkItem>();
  readonly #others = new Map<string, WorkItem>();

  private constructor() {}

  get size(): number {
    return this.#urgent.size + this.#others.size;
  }

  /** Adds an application; of two levels the higher one wins. */
  add(item: WorkItem, options: { urgent: boolean }): void {
    const id = nameText(item.name);
    const waiting = this.#urgent.get(id) ?? this.#others.get(id);
    const highest =
      waiting && LEVELS.indexOf(waiting.level) >= LEVELS.indexOf(item.level)
        ? waiting
        : item;
    if (options.urgent || this.#urgent.has(id)) {
      this.#others.delete(id);
      this.#urgent.set(id, highest);
    } else {
      this.#others.set(id, highest);
    }
  }

  /** Takes the application that is next. */
  take(): WorkItem | undefined {
    for (const waiting of [this.#urgent, this.#others]) {
      const [first] = waiting;
      if (first) {
        waiting.delete(first[0]);
        return first[1];
      }
    }
    return undefined;
  }

  clear(): void {
    this.#urgent.clear();
    this.#others.clear();
  }
}
