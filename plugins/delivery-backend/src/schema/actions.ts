import {
  environmentParameter,
  errors,
  kindParameter,
  nameParameter,
  namespaceParameter,
  time,
} from './parameters';

/**
 * Ids of targets are three percent-encoded names, so these characters are all
 * that there are in one.
 */
const targetIdSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 1024,
  pattern: "^[A-Za-z0-9%/._~!*'()-]+$",
} as const;

const actionKindSchema = {
  type: 'string',
  enum: ['refresh', 'hard-refresh', 'sync', 'terminate', 'revert'],
} as const;

const actionParameter = {
  name: 'action',
  in: 'path',
  required: true,
  description: 'What to do.',
  schema: actionKindSchema,
} as const;

const resourceIdentity = {
  group: { type: 'string' },
  kind: { type: 'string' },
  namespace: { type: 'string' },
  name: { type: 'string' },
} as const;

/** The shapes of what can be done to a deployment. */
export const actionSchemas = {
  DeploymentActionKind: actionKindSchema,
  SyncOptions: {
    type: 'object',
    additionalProperties: false,
    properties: {
      dryRun: { type: 'boolean' },
      prune: { type: 'boolean' },
      force: { type: 'boolean' },
      serverSideApply: { type: 'boolean' },
      outOfSyncOnly: { type: 'boolean' },
    },
  },
  ActionRequest: {
    type: 'object',
    additionalProperties: false,
    required: ['seen', 'reason', 'idempotencyKey'],
    properties: {
      target: targetIdSchema,
      seen: {
        type: 'string',
        description: '`seen` of the plan.',
        minLength: 1,
        maxLength: 128,
        pattern: '^[A-Za-z0-9_-]+$',
      },
      reason: {
        type: 'string',
        description:
          'Why, in words: at least one character that is no space, and no control characters but line breaks.',
        minLength: 1,
        maxLength: 500,
        // U+2028 and U+2029 break lines where nobody expects it; the others of
        // the last group make a text read otherwise than it is written.
        pattern:
          '^(?=[\\s\\S]*\\S)[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]+$',
      },
      idempotencyKey: {
        type: 'string',
        description: 'A UUID, made up for each confirmation.',
        pattern:
          '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
      },
      options: { $ref: '#/components/schemas/SyncOptions' },
    },
  },
  ActionAvailability: {
    type: 'object',
    additionalProperties: false,
    required: ['action', 'available'],
    properties: {
      action: { $ref: '#/components/schemas/DeploymentActionKind' },
      available: { type: 'boolean' },
      code: { type: 'string' },
      reason: { type: 'string' },
    },
  },
  ResourceOutcome: {
    type: 'object',
    additionalProperties: false,
    required: ['group', 'kind', 'name', 'outcome'],
    properties: {
      ...resourceIdentity,
      outcome: {
        type: 'string',
        enum: ['synced', 'pruned', 'prune-skipped', 'failed', 'running'],
      },
      message: { type: 'string' },
      hook: { type: 'string' },
    },
  },
  ResourceChange: {
    type: 'object',
    additionalProperties: false,
    required: ['group', 'kind', 'name', 'change'],
    properties: {
      ...resourceIdentity,
      change: { type: 'string', enum: ['change', 'prune'] },
    },
  },
  FileChange: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'change', 'patch'],
    properties: {
      path: { type: 'string' },
      change: { type: 'string', enum: ['modify', 'add', 'delete'] },
      patch: { type: 'string' },
    },
  },
  RevertPlan: {
    type: 'object',
    additionalProperties: false,
    required: ['from', 'to', 'repository', 'branch', 'files'],
    properties: {
      from: { $ref: '#/components/schemas/Release' },
      to: { $ref: '#/components/schemas/Release' },
      toDeployedAt: time,
      repository: { type: 'string' },
      branch: { type: 'string' },
      commitSubject: { type: 'string' },
      files: {
        type: 'array',
        items: { $ref: '#/components/schemas/FileChange' },
      },
    },
  },
  ActionPlan: {
    type: 'object',
    additionalProperties: false,
    required: ['action', 'target', 'seen', 'observedAt', 'steps', 'warnings'],
    properties: {
      action: { $ref: '#/components/schemas/DeploymentActionKind' },
      target: { $ref: '#/components/schemas/DeploymentTarget' },
      seen: { type: 'string' },
      observedAt: time,
      steps: { type: 'array', items: { type: 'string' } },
      warnings: { type: 'array', items: { type: 'string' } },
      blocked: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'reason'],
        properties: {
          code: { type: 'string' },
          reason: { type: 'string' },
          until: time,
        },
      },
      changes: {
        type: 'array',
        items: { $ref: '#/components/schemas/ResourceChange' },
      },
      revert: { $ref: '#/components/schemas/RevertPlan' },
    },
  },
  ActionStep: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'title', 'state'],
    properties: {
      id: { type: 'string' },
      title: { type: 'string' },
      state: {
        type: 'string',
        enum: ['pending', 'running', 'done', 'failed', 'skipped'],
      },
      detail: { type: 'string' },
      at: time,
    },
  },
  DeploymentAction: {
    type: 'object',
    additionalProperties: false,
    required: [
      'id',
      'action',
      'entityRef',
      'environment',
      'target',
      'requestedBy',
      'requestedAt',
      'reason',
      'options',
      'phase',
      'steps',
      'summary',
    ],
    properties: {
      id: { type: 'string' },
      action: { $ref: '#/components/schemas/DeploymentActionKind' },
      entityRef: { type: 'string' },
      environment: { type: 'string' },
      target: { type: 'string' },
      requestedBy: { type: 'string' },
      requestedAt: time,
      reason: { type: 'string' },
      options: { $ref: '#/components/schemas/SyncOptions' },
      phase: {
        type: 'string',
        enum: ['running', 'succeeded', 'failed', 'refused', 'unknown'],
      },
      steps: {
        type: 'array',
        items: { $ref: '#/components/schemas/ActionStep' },
      },
      summary: { type: 'string' },
      finishedAt: time,
      outcomes: {
        type: 'array',
        items: { $ref: '#/components/schemas/ResourceOutcome' },
      },
      commit: { $ref: '#/components/schemas/Commit' },
    },
  },
} as const;

/** What acting may be answered with besides: somebody, or something, was first. */
const actionErrors = {
  ...errors,
  '409': { $ref: '#/components/responses/Error' },
} as const;

const answersWithAction = (description: string) =>
  ({
    description,
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/DeploymentAction' },
      },
    },
  } as const);

/** The routes of what can be done to a deployment. */
export const actionPaths = {
  '/entities/{kind}/{namespace}/{name}/environments/{environment}/plans/{action}':
    {
      get: {
        operationId: 'getActionPlan',
        summary:
          'What would happen, and where, if an action were asked for now',
        parameters: [
          kindParameter,
          namespaceParameter,
          nameParameter,
          environmentParameter,
          actionParameter,
          {
            name: 'target',
            in: 'query',
            description:
              'Id of the target; needed where the service has several in the environment.',
            schema: targetIdSchema,
          },
        ],
        responses: {
          ...actionErrors,
          '200': {
            description: 'The plan. Nothing was changed.',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/ActionPlan' },
              },
            },
          },
        },
      },
    },
  '/entities/{kind}/{namespace}/{name}/environments/{environment}/actions/{action}':
    {
      post: {
        operationId: 'requestAction',
        summary: 'Ask for an action, on the state that was seen',
        parameters: [
          kindParameter,
          namespaceParameter,
          nameParameter,
          environmentParameter,
          actionParameter,
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/ActionRequest' },
            },
          },
        },
        responses: {
          ...actionErrors,
          '200': answersWithAction(
            'The same key again: the action that it made the first time.',
          ),
          '202': answersWithAction('It was taken on, and goes on by itself.'),
        },
      },
    },
  '/entities/{kind}/{namespace}/{name}/actions/{id}': {
    get: {
      operationId: 'getAction',
      summary: 'How far an action has got',
      parameters: [
        kindParameter,
        namespaceParameter,
        nameParameter,
        {
          name: 'id',
          in: 'path',
          required: true,
          description: 'Id of the action.',
          schema: {
            type: 'string',
            maxLength: 36,
            pattern: '^[0-9a-f-]{36}$',
          },
        },
      ],
      responses: { ...errors, '200': answersWithAction('The action.') },
    },
  },
} as const;
