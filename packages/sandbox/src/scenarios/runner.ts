import { randomUUID } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import { z } from 'zod';
import { readFileIfThere, writeFileAtomically } from '../util/files';
import { parseInput } from '../util/parseInput';
import { applicationDeleted } from './applicationDeleted';
import {
  argocdDown,
  argocdSlow,
  streamCut,
  tokenExpired,
} from './argocdFaults';
import { badImage } from './badImage';
import { drift } from './drift';
import { failedSync } from './failedSync';
import { freeze } from './freeze';
import { newCommit } from './newCommit';
import { groupsChanged, sessionEnded } from './people';
import { permissionDenied } from './permissionDenied';
import { stuckHook } from './stuckHook';
import type { Scenario, ScenarioContext } from './types';

/** Every scenario that changes something, in the order of the list. */
const scenarios: readonly Scenario[] = [
  newCommit,
  badImage,
  drift,
  failedSync,
  argocdDown,
  argocdSlow,
  tokenExpired,
  streamCut,
  applicationDeleted,
  stuckHook,
  freeze,
  permissionDenied,
  groupsChanged,
  sessionEnded,
];

/** Name of the scenario that undoes the others. */
const RESTORE = 'restore';

const restoreParameters = z.strictObject({});

/** A scenario as the control server lists it. */
export interface ScenarioDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly description: string;
    /** Values that are allowed, where there are few. */
    readonly options?: readonly string[];
    readonly default?: unknown;
  }[];
}

/** A scenario that ran and has not been undone. */
export interface ActiveScenario {
  readonly id: string;
  readonly name: string;
  readonly message: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

interface Run extends ActiveScenario {
  readonly undo: JsonObject;
}

/**
 * Runs scenarios one after the other and remembers how to undo them, also
 * across a restart.
 */
export class ScenarioRunner {
  static async create(options: {
    context: ScenarioContext;
    file: string;
  }): Promise<ScenarioRunner> {
    const text = await readFileIfThere(options.file);
    return new ScenarioRunner({
      ...options,
      runs: text ? JSON.parse(text) : [],
    });
  }

  readonly #context: ScenarioContext;
  readonly #file: string;
  readonly #timers = new Map<string, () => void>();
  #runs: Run[];
  #work: Promise<unknown> = Promise.resolve();

  private constructor(options: {
    context: ScenarioContext;
    file: string;
    runs: Run[];
  }) {
    this.#context = options.context;
    this.#file = options.file;
    this.#runs = options.runs;
  }

  /** All scenarios with what they do and take. */
  list(): ScenarioDescription[] {
    return [
      ...scenarios.map(({ name, title, description, parameters }) => ({
        name,
        title,
        description,
        parameters: describeParameters(parameters),
      })),
      {
        name: RESTORE,
        title: 'Everything back to normal',
        description:
          'Undoes every scenario that is still active, the last one first. Look at the deployments page: it calms down within a minute.',
        parameters: [],
      },
    ];
  }

  /** Scenarios that have not been undone, oldest first. */
  active(): ActiveScenario[] {
    return this.#runs.map(({ id, name, message, startedAt }) => ({
      id,
      name,
      message,
      startedAt,
    }));
  }

  /**
   * Makes a scenario happen and says what happened.
   *
   * @throws NotFoundError when there is no such scenario.
   * @throws InputError when a parameter is wrong.
   */
  run(options: {
    name: string;
    parameters?: unknown;
  }): Promise<{ message: string }> {
    const { name, parameters } = options;
    return this.#oneByOne(async () => {
      if (name === RESTORE) {
        parseInput({
          schema: restoreParameters,
          value: parameters ?? {},
          what: 'Scenario restore',
        });
        return this.#restoreAll();
      }
      const scenario = find(name);
      const outcome = await scenario.run({
        context: this.#context,
        parameters,
      });
      if (outcome.undo) {
        const run: Run = {
          id: randomUUID(),
          name,
          message: outcome.message,
          startedAt: this.#context.clock.now().toISOString(),
          undo: outcome.undo,
        };
        this.#runs.push(run);
        await this.#save();
        if (outcome.restoreAfterSeconds) {
          this.#timers.set(
            run.id,
            this.#context.clock.schedule(outcome.restoreAfterSeconds, () => {
              // A fault that could not be undone stays in the list, where
              // `restore` finds it again.
              this.#oneByOne(() => this.#restore(run)).catch(() => undefined);
            }),
          );
        }
      }
      return { message: outcome.message };
    });
  }

  /** Ends the timers; active scenarios stay in the file. */
  async stop(): Promise<void> {
    for (const cancel of this.#timers.values()) {
      cancel();
    }
    await this.#work;
  }

  async #restoreAll(): Promise<{ message: string }> {
    const runs = [...this.#runs].reverse();
    for (const run of runs) {
      await this.#restore(run);
    }
    return {
      message:
        runs.length === 0
          ? 'Nothing was out of order.'
          : `Undone: ${runs.map(run => run.name).join(', ')}.`,
    };
  }

  async #restore(run: Run): Promise<void> {
    if (!this.#runs.includes(run)) {
      return;
    }
    await find(run.name).restore({ context: this.#context, undo: run.undo });
    this.#timers.get(run.id)?.();
    this.#timers.delete(run.id);
    this.#runs = this.#runs.filter(other => other !== run);
    await this.#save();
  }

  #save(): Promise<void> {
    return writeFileAtomically({
      file: this.#file,
      text: JSON.stringify(this.#runs, undefined, 2),
    });
  }

  #oneByOne<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#work.then(task, task);
    this.#work = result.catch(() => undefined);
    return result;
  }
}

function find(name: string): Scenario {
  const scenario = scenarios.find(candidate => candidate.name === name);
  if (!scenario) {
    const known = [...scenarios.map(candidate => candidate.name), RESTORE];
    throw new NotFoundError(
      `There is no scenario '${name}'; there are ${known.join(', ')}`,
    );
  }
  return scenario;
}

const propertiesOfSchema = z.object({
  properties: z
    .record(
      z.string(),
      z.object({
        type: z.string().default('string'),
        description: z.string().default(''),
        enum: z.array(z.string()).optional(),
        default: z.unknown().optional(),
      }),
    )
    .default({}),
});

function describeParameters(
  schema: z.ZodObject,
): ScenarioDescription['parameters'] {
  const { properties } = propertiesOfSchema.parse(
    z.toJSONSchema(schema, { io: 'input' }),
  );
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: property.type,
    description: property.description,
    options: property.enum,
    default: property.default,
  }));
}
