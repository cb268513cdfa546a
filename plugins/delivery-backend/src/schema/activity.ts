import { environmentIdSchema, errors, time } from './parameters';

/** The shapes of the audit. */
export const activitySchemas = {
  ActivityEntry: {
    type: 'object',
    additionalProperties: false,
    required: [
      'id',
      'at',
      'event',
      'action',
      'entityRef',
      'environment',
      'actor',
    ],
    properties: {
      id: { type: 'string' },
      at: time,
      event: {
        type: 'string',
        enum: ['requested', 'refused', 'succeeded', 'failed', 'unknown'],
      },
      action: { $ref: '#/components/schemas/DeploymentActionKind' },
      options: { $ref: '#/components/schemas/SyncOptions' },
      actionId: { type: 'string' },
      entityRef: { type: 'string' },
      environment: { type: 'string' },
      target: {
        type: 'object',
        additionalProperties: false,
        required: ['instance', 'application'],
        properties: {
          instance: { type: 'string' },
          application: { type: 'string' },
        },
      },
      actor: {
        type: 'object',
        additionalProperties: false,
        required: ['ref', 'kind'],
        properties: {
          ref: { type: 'string' },
          kind: { type: 'string', enum: ['user', 'service'] },
        },
      },
      reason: { type: 'string' },
      stateSeen: { type: 'string' },
      result: { type: 'string' },
      code: { type: 'string' },
    },
  },
  ActivityPage: {
    type: 'object',
    additionalProperties: false,
    required: ['entries'],
    properties: {
      entries: {
        type: 'array',
        items: { $ref: '#/components/schemas/ActivityEntry' },
      },
      nextCursor: { type: 'string' },
    },
  },
} as const;

/** A full ref of an entity, as the catalog writes it. */
const entityRefSchema = {
  type: 'string',
  maxLength: 200,
  pattern:
    '^[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$',
} as const;

/** The route of the audit. */
export const activityPaths = {
  '/activity': {
    get: {
      operationId: 'getActivity',
      summary: 'Who asked for what, why, and what came of it, newest first',
      parameters: [
        {
          name: 'entityRef',
          in: 'query',
          // Refs hold ':' and '/', which stand for themselves in a query.
          allowReserved: true,
          description: 'Full ref of a service; every service when absent.',
          schema: entityRefSchema,
        },
        {
          name: 'environment',
          in: 'query',
          description: 'Id of the environment; every one when absent.',
          schema: environmentIdSchema,
        },
        {
          name: 'actor',
          in: 'query',
          // Refs hold ':' and '/', which stand for themselves in a query.
          allowReserved: true,
          description: 'Only what this person, or service, asked for.',
          schema: {
            type: 'string',
            minLength: 1,
            maxLength: 200,
            pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$',
          },
        },
        {
          name: 'event',
          in: 'query',
          description: 'Only refusals, or only what was carried out.',
          schema: { type: 'string', enum: ['refused', 'done'] },
        },
        {
          name: 'cursor',
          in: 'query',
          description: '`nextCursor` of the page before.',
          schema: { type: 'string', maxLength: 1000 },
        },
        {
          name: 'limit',
          in: 'query',
          description: 'How many entries; 25 when absent.',
          schema: { type: 'integer', minimum: 1, maximum: 100 },
        },
      ],
      responses: {
        ...errors,
        '200': {
          description: 'A page.',
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/ActivityPage' },
            },
          },
        },
      },
    },
  },
} as const;
