import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Ajv, { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Schema = { [key: string]: unknown };

/**
 * Fields that Argo CD sends and its document does not know, by definition.
 * Each needs a reason; a field that is merely wrong does not get one.
 */
const UNDOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  // The embedded ResourceRef is an `allOf`, which cannot be closed as such.
  v1alpha1ResourceNode: [
    'group',
    'version',
    'kind',
    'namespace',
    'name',
    'uid',
  ],
};

/** Folder of the contracts of other projects; undefined when there is none. */
export function contractsFolder(): string | undefined {
  const root = resolve(__dirname, '../../../../..');
  const folder =
    process.env.SLIPWAY_CONTRACTS ?? join(root, '..', 'shared', 'contracts');
  return existsSync(join(folder, 'argo-cd', 'swagger.json'))
    ? folder
    : undefined;
}

/** Why answers cannot be checked; undefined when they can. */
export function whyNoContracts(): string | undefined {
  return contractsFolder()
    ? undefined
    : 'no contracts folder; set SLIPWAY_CONTRACTS';
}

/**
 * Validates answers against Argo CD's own swagger document, more strictly than
 * it asks: a field that it does not define is an error.
 */
export class SwaggerValidator {
  static create(): SwaggerValidator {
    const file = join(contractsFolder()!, 'argo-cd', 'swagger.json');
    return new SwaggerValidator(JSON.parse(readFileSync(file, 'utf8')));
  }

  readonly #ajv: Ajv;
  readonly #validators = new Map<string, ValidateFunction>();

  private constructor(swagger: { definitions: Record<string, Schema> }) {
    this.#ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(this.#ajv);
    // Plain Go JSON: 64-bit integers are numbers.
    this.#ajv.addFormat('int64', true);
    const definitions = Object.fromEntries(
      Object.entries(swagger.definitions).map(([name, schema]) => [
        name,
        strict(schema, UNDOCUMENTED[name]),
      ]),
    );
    this.#ajv.addSchema({ $id: 'argocd', definitions });
  }

  /** What is wrong with an answer; empty when nothing is. */
  errors(definition: string, answer: unknown): string[] {
    const validator =
      this.#validators.get(definition) ??
      this.#ajv.compile({ $ref: `argocd#/definitions/${definition}` });
    this.#validators.set(definition, validator);
    validator(answer);
    return (validator.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
  }
}

/** Closes objects, and lets lists be null as empty ones are on the wire. */
function strict(schema: unknown, allowed: readonly string[] = []): unknown {
  if (Array.isArray(schema)) return schema.map(item => strict(item));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { properties, type, allOf: _, ...rest } = schema as Schema;
  const result: Schema = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === 'additionalProperties' || key === 'items' ? strict(value) : value,
    ]),
  );
  if (type !== undefined) {
    result.type = type === 'array' ? ['array', 'null'] : type;
  }
  if (properties) {
    result.properties = {
      ...Object.fromEntries(
        Object.entries(properties as Schema).map(([key, value]) => [
          key,
          strict(value),
        ]),
      ),
      ...Object.fromEntries(allowed.map(key => [key, {}])),
    };
    result.additionalProperties = false;
  }
  return result;
}
