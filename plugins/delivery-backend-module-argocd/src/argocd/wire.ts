import { z } from 'zod';

/**
 * The parts of Argo CD's answers that are used, as they come over the wire.
 *
 * Argo CD writes plain Go JSON: a missing field is its zero value, an empty list
 * is `null`, and newer servers add fields. So everything but the identity of an
 * object is optional, `null` counts as missing, and unknown fields are ignored.
 * A field of the wrong type makes the object it belongs to unreadable: better
 * to keep what was last known of it than to guess.
 */
function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform(value => value ?? undefined);
}

function list<T extends z.ZodType>(schema: T) {
  return z
    .array(schema)
    .nullish()
    .transform(value => value ?? []);
}

const text = optional(z.string());
const flag = optional(z.boolean());
const stringMap = optional(z.record(z.string(), z.string()));

const sourceSchema = z.object({
  repoURL: text,
  path: text,
  chart: text,
  targetRevision: text,
});

const initiatorSchema = z.object({ username: text, automated: flag });

const syncOperationSchema = z.object({
  revision: text,
  revisions: list(z.string()),
  dryRun: flag,
  resources: list(z.unknown()),
});

const operationSchema = z.object({
  initiatedBy: optional(initiatorSchema),
  info: list(z.object({ name: text, value: text })),
  sync: optional(syncOperationSchema),
});

const resourceResultSchema = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: text,
  status: text,
  message: text,
  hookType: text,
  hookPhase: text,
});

const syncResultSchema = z.object({
  revision: text,
  revisions: list(z.string()),
  resources: list(resourceResultSchema),
});

const operationStateSchema = z.object({
  phase: text,
  message: text,
  startedAt: text,
  finishedAt: text,
  retryCount: optional(z.number()),
  operation: optional(operationSchema),
  syncResult: optional(syncResultSchema),
});

const historyEntrySchema = z.object({
  id: optional(z.number()),
  revision: text,
  revisions: list(z.string()),
  source: optional(sourceSchema),
  sources: list(sourceSchema),
  deployedAt: text,
  initiatedBy: optional(initiatorSchema),
});

const hydratorOperationSchema = z.object({
  drySHA: text,
  hydratedSHA: text,
});

const resourceSchema = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: text,
  status: text,
  requiresPruning: flag,
  hook: flag,
});

/**
 * The name of an object or a namespace: no longer than Kubernetes allows, and
 * nothing that could not be written into a URL or a key.
 */
const objectName = z
  .string()
  .max(253)
  .refine(name => !/[\p{Cc}\p{Cs}]/u.test(name));

/** Enough of an application to say which one it is. */
export const applicationIdentitySchema = z.object({
  metadata: z.object({
    name: objectName.min(1),
    namespace: optional(objectName),
  }),
});

/** An application, whole or cut down by `fields`. */
export const applicationSchema = z.object({
  metadata: z.object({
    name: z.string().min(1),
    namespace: text,
    uid: text,
    labels: stringMap,
    annotations: stringMap,
    deletionTimestamp: text,
  }),
  spec: optional(
    z.object({
      project: text,
      source: optional(sourceSchema),
      sources: list(sourceSchema),
      sourceHydrator: optional(
        z.object({
          drySource: optional(sourceSchema),
        }),
      ),
      destination: optional(
        z.object({ server: text, name: text, namespace: text }),
      ),
      syncPolicy: optional(
        z.object({
          automated: optional(
            z.object({ enabled: flag, prune: flag, selfHeal: flag }),
          ),
          syncOptions: list(z.string()),
        }),
      ),
    }),
  ),
  operation: optional(operationSchema),
  status: optional(
    z.object({
      sync: optional(
        z.object({
          status: text,
          revision: text,
          revisions: list(z.string()),
        }),
      ),
      health: optional(
        z.object({ status: text, message: text, lastTransitionTime: text }),
      ),
      operationState: optional(operationStateSchema),
      history: list(historyEntrySchema),
      resources: list(resourceSchema),
      summary: optional(
        z.object({ images: list(z.string()), isAppOfApps: flag }),
      ),
      conditions: list(
        z.object({ type: text, message: text, lastTransitionTime: text }),
      ),
      reconciledAt: text,
      sourceHydrator: optional(
        z.object({
          currentOperation: optional(hydratorOperationSchema),
          lastSuccessfulOperation: optional(hydratorOperationSchema),
        }),
      ),
    }),
  ),
});

/** See {@link applicationSchema}. */
export type WireApplication = z.output<typeof applicationSchema>;
/** A source of an application. */
export type WireSource = z.output<typeof sourceSchema>;
/** An entry of an application's history. */
export type WireHistoryEntry = z.output<typeof historyEntrySchema>;

/** The operation that is asked for, or was. */
export type WireOperation = z.output<typeof operationSchema>;
/** What an operation did to one resource. */
export type WireResourceResult = z.output<typeof resourceResultSchema>;

/** Items stay unread, so that one bad application does not lose the others. */
export const applicationListSchema = z.object({ items: list(z.unknown()) });

/** A frame of the application stream. */
export const streamFrameSchema = z.object({
  result: optional(
    z.object({ type: z.string(), application: z.unknown().optional() }),
  ),
  error: optional(
    z.object({
      grpc_code: optional(z.number()),
      http_code: optional(z.number()),
      message: text,
    }),
  ),
});

const managedResourceSchema = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: text,
  targetState: text,
  liveState: text,
  hook: flag,
});

/** What git asks for and what the cluster has, resource by resource. */
export const managedResourcesSchema = z.object({
  items: list(managedResourceSchema),
});

/** A managed resource; its states are JSON in a string. */
export type WireManagedResource = z.output<typeof managedResourceSchema>;

/** What Argo CD knows of a commit. */
export const revisionMetadataSchema = z.object({
  author: text,
  date: text,
  message: text,
});

/** See {@link revisionMetadataSchema}. */
export type WireRevisionMetadata = z.output<typeof revisionMetadataSchema>;

const syncWindowSchema = z.object({
  kind: text,
  schedule: text,
  duration: text,
  manualSync: flag,
});

/** The sync windows of an application; see `assignedWindows`. */
export const syncWindowsSchema = z.object({
  activeWindows: list(syncWindowSchema),
  assignedWindows: list(syncWindowSchema),
  canSync: flag,
});

/** See {@link syncWindowsSchema}. */
export type WireSyncWindows = z.output<typeof syncWindowsSchema>;
/** A sync window as an application's answer has it. */
export type WireSyncWindow = z.output<typeof syncWindowSchema>;

const projectWindowSchema = syncWindowSchema.extend({
  timeZone: text,
  description: text,
});

/** A project, of which only the sync windows are used. */
export const projectSchema = z.object({
  spec: optional(z.object({ syncWindows: list(projectWindowSchema) })),
});

/** A sync window as the project has it. */
export type WireProjectWindow = z.output<typeof projectWindowSchema>;

/** Whether the caller may do something: `yes` or `no`. */
export const canISchema = z.object({ value: text });

/** The body of an error. */
export const errorBodySchema = z.object({
  error: text,
  message: text,
  code: optional(z.number()),
});

/** The answer of a login. */
export const sessionSchema = z.object({ token: z.string().min(1) });

/** The answer of `/api/version`. */
export const versionSchema = z.object({ Version: text });

/** Who Argo CD takes the caller for. */
export const userInfoSchema = z.object({ loggedIn: flag, username: text });
