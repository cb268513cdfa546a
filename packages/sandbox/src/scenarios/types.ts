import type { JsonObject } from '@backstage/types';
import type { z } from 'zod';
import type { ArgoCdSimulator } from '../argocd/types';
import type { SandboxClock } from '../clock';
import type { DefaultGitServer } from '../git';
import type { Model, PlatformId } from '../model';
import { parseInput } from '../util/parseInput';

/** The part of an OpenID provider that scenarios pull on. */
export interface SessionEnder {
  /** Forgets every session, grant and token of a person; how many there were. */
  endSessions(person: string): Promise<number>;
}

/** What a scenario can pull on. */
export interface ScenarioContext {
  readonly model: Model;
  readonly clock: SandboxClock;
  readonly git: DefaultGitServer;
  readonly argocd: ReadonlyMap<PlatformId, ArgoCdSimulator>;
  /** Absent in a sandbox that runs without an OpenID provider. */
  readonly oidc?: SessionEnder;
}

/** What a scenario did. */
export interface ScenarioOutcome {
  /** What happened, in one or two sentences. */
  readonly message: string;
  /** What {@link Scenario.restore} needs; absent: nothing to undo. */
  readonly undo?: JsonObject;
  /** Simulated seconds after which it is undone by itself. */
  readonly restoreAfterSeconds?: number;
}

/** Something that can happen to the platforms. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What will happen, and what to look at in the portal. */
  readonly description: string;
  readonly parameters: z.ZodObject;
  /**
   * Makes it happen. `parameters` are checked against the schema first.
   *
   * @throws InputError naming the field that is wrong.
   */
  run(options: {
    context: ScenarioContext;
    parameters: unknown;
  }): Promise<ScenarioOutcome>;
  /** Makes it as if nothing had happened; doing it twice does it once. */
  restore(options: { context: ScenarioContext; undo: unknown }): Promise<void>;
}

/**
 * A {@link Scenario} from its parts, with parameters and undo typed by their
 * schemas. Undo is checked too, because it may come from a file.
 */
export function defineScenario<
  TParameters extends z.ZodObject,
  TUndo extends z.ZodType<JsonObject>,
>(definition: {
  name: string;
  title: string;
  description: string;
  parameters: TParameters;
  undo: TUndo;
  run(options: {
    context: ScenarioContext;
    parameters: z.output<TParameters>;
  }): Promise<ScenarioOutcome & { undo?: z.output<TUndo> }>;
  restore(options: {
    context: ScenarioContext;
    undo: z.output<TUndo>;
  }): Promise<void>;
}): Scenario {
  return {
    name: definition.name,
    title: definition.title,
    description: definition.description,
    parameters: definition.parameters,
    run: ({ context, parameters }) =>
      definition.run({
        context,
        parameters: parseInput({
          schema: definition.parameters,
          value: parameters ?? {},
          what: `Scenario ${definition.name}`,
        }),
      }),
    restore: ({ context, undo }) =>
      definition.restore({ context, undo: definition.undo.parse(undo) }),
  };
}
