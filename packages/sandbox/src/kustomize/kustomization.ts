import { z } from 'zod';
import { UnsupportedKustomizationError } from './errors';
import { isJsonObject, JsonObject } from './objects';
import { parseYaml } from './parseYaml';

const text = z.string();
const texts = z.record(text, text);

const target = z.strictObject({
  group: text.optional(),
  version: text.optional(),
  kind: text.optional(),
  name: text.optional(),
  namespace: text.optional(),
  labelSelector: text.optional(),
  annotationSelector: text.optional(),
});

const kustomization = z.strictObject({
  apiVersion: text.optional(),
  kind: z.enum(['Kustomization', 'Component']).optional(),
  metadata: z
    .strictObject({
      name: text.optional(),
      labels: texts.optional(),
      annotations: texts.optional(),
    })
    .optional(),
  resources: z.array(text).optional(),
  components: z.array(text).optional(),
  namespace: text.optional(),
  images: z
    .array(
      z.strictObject({
        name: text,
        newName: text.optional(),
        newTag: text.optional(),
        digest: text.optional(),
      }),
    )
    .optional(),
  replicas: z
    .array(z.strictObject({ name: text, count: z.int().nonnegative() }))
    .optional(),
  labels: z
    .array(
      z.strictObject({
        pairs: texts,
        includeSelectors: z.boolean().optional(),
        includeTemplates: z.boolean().optional(),
      }),
    )
    .optional(),
  commonAnnotations: texts.optional(),
  patches: z
    .array(
      z
        .strictObject({
          path: text.optional(),
          patch: text.optional(),
          target: target.optional(),
        })
        .refine(
          patch => (patch.path === undefined) !== (patch.patch === undefined),
          {
            message: 'needs either "path" or "patch"',
          },
        ),
    )
    .optional(),
});

/** What a kustomization file may say here. */
export type Kustomization = z.infer<typeof kustomization>;
/** Which objects a patch applies to; regular expressions, anchored. */
export type PatchTarget = z.infer<typeof target>;

/** Documents that were read and checked before: components, mostly. */
const CHECKED = new WeakMap<JsonObject, Kustomization>();

/** The file names under which kustomize finds a kustomization. */
export const KUSTOMIZATION_FILES = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
] as const;

/**
 * Reads a kustomization file strictly: a field that is not rendered here is
 * an error that names it, because leaving it out would render something else.
 *
 * @param options.kind - what the reader expects: bases and overlays are
 *   `Kustomization`, entries of `components` are `Component`.
 * @throws UnsupportedKustomizationError
 */
export function parseKustomization(options: {
  text: string;
  file: string;
  kind: 'Kustomization' | 'Component';
}): Kustomization {
  const { file, kind } = options;
  const documents = parseYaml({
    text: options.text,
    file,
    oldBooleans: 'refuse',
  });
  if (documents.length !== 1) {
    throw new UnsupportedKustomizationError({
      file,
      reason: `must hold one document, found ${documents.length}`,
    });
  }
  const [document] = documents;
  const known = isJsonObject(document) ? CHECKED.get(document) : undefined;
  if (known && (known.kind ?? 'Kustomization') === kind) return known;
  const parsed = kustomization.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown =
      issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const field = [...issue.path, ...(unknown ? [unknown] : [])].join('.');
    throw new UnsupportedKustomizationError({
      file,
      field: field || undefined,
      reason: unknown ? 'is not supported' : issue.message,
    });
  }
  const actual = parsed.data.kind ?? 'Kustomization';
  if (actual !== kind) {
    throw new UnsupportedKustomizationError({
      file,
      field: 'kind',
      reason: `expected ${kind}, found ${actual}`,
    });
  }
  if (isJsonObject(document)) CHECKED.set(document, parsed.data);
  return parsed.data;
}
