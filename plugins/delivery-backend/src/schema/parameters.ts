/** Parameters and answers that several routes of the document share. */

export const kindParameter = {
  name: 'kind',
  in: 'path',
  required: true,
  description: 'Kind of the entity, in any case.',
  schema: {
    type: 'string',
    maxLength: 63,
    pattern: '^[A-Za-z][A-Za-z0-9]*$',
  },
} as const;

export const namespaceParameter = {
  name: 'namespace',
  in: 'path',
  required: true,
  description: 'Namespace of the entity.',
  schema: {
    type: 'string',
    maxLength: 63,
    pattern: '^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?$',
  },
} as const;

export const nameParameter = {
  name: 'name',
  in: 'path',
  required: true,
  description: 'Name of the entity.',
  schema: {
    type: 'string',
    maxLength: 63,
    pattern: '^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$',
  },
} as const;

/** Id of an environment, as it stands in paths, queries and configuration. */
export const environmentIdSchema = {
  type: 'string',
  maxLength: 63,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
} as const;

export const environmentParameter = {
  name: 'environment',
  in: 'path',
  required: true,
  description: 'Id of the environment.',
  schema: environmentIdSchema,
} as const;

export const atLeastParameter = {
  name: 'atLeast',
  in: 'query',
  description:
    'The answer should be at least this version of the read model: a replica that is behind catches up first.',
  schema: { type: 'integer', minimum: 0, maximum: 9007199254740991 },
} as const;

/** ISO 8601, UTC. */
export const time = {
  type: 'string',
  format: 'date-time',
  description: 'ISO 8601, UTC.',
} as const;

/** What every route may answer instead. */
export const errors = {
  '400': { $ref: '#/components/responses/Error' },
  '401': { $ref: '#/components/responses/Error' },
  '403': { $ref: '#/components/responses/Error' },
  '404': { $ref: '#/components/responses/Error' },
  '503': { $ref: '#/components/responses/Error' },
} as const;
