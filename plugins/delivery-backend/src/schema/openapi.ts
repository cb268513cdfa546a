import { actionPaths, actionSchemas } from './actions';
import { activityPaths, activitySchemas } from './activity';
import {
  atLeastParameter,
  environmentIdSchema,
  errors,
  kindParameter,
  nameParameter,
  namespaceParameter,
  time,
} from './parameters';

/**
 * The API as an OpenAPI 3.1 document. It is an object and not a YAML file, so
 * that the compiler derives the handlers' types from it: no generator has to
 * run, and the document and the code cannot part ways.
 *
 * The shapes are those of `@slipway/plugin-delivery-common`; a test holds real
 * answers against them, and lets no field pass that is not described here.
 */

export const openApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'delivery',
    version: '1.0.0',
    description:
      'What runs where: services by environment, as Argo CD and the clusters were last seen; and what can be done about it.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  components: {
    responses: {
      Error: {
        description: 'An error, with a stable code where it is one of ours.',
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Error' },
          },
        },
      },
    },
    schemas: {
      Error: {
        type: 'object',
        required: ['error', 'response'],
        properties: {
          error: {
            type: 'object',
            required: ['name', 'message'],
            properties: {
              name: { type: 'string' },
              message: { type: 'string' },
              code: {
                type: 'string',
                description: 'Such as `delivery.entity-not-found`.',
              },
            },
          },
          request: {
            type: 'object',
            properties: {
              method: { type: 'string' },
              url: { type: 'string' },
            },
          },
          response: {
            type: 'object',
            required: ['statusCode'],
            properties: { statusCode: { type: 'integer' } },
          },
        },
      },
      DeploymentStatus: {
        type: 'string',
        enum: ['healthy', 'progressing', 'waiting', 'degraded', 'unknown'],
      },
      Observation: {
        type: 'object',
        additionalProperties: false,
        required: ['source', 'state'],
        properties: {
          source: { type: 'string' },
          state: { type: 'string', enum: ['fresh', 'stale', 'unknown'] },
          observedAt: time,
          reason: { type: 'string' },
        },
      },
      UpstreamStatus: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'title', 'kind', 'state', 'since'],
        properties: {
          id: { type: 'string' },
          title: { type: 'string' },
          kind: { type: 'string' },
          state: {
            type: 'string',
            enum: ['live', 'connecting', 'down', 'refused'],
          },
          since: time,
          lastContactAt: time,
          reason: { type: 'string' },
        },
      },
      EnvironmentDescription: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'title', 'standby'],
        properties: {
          id: { type: 'string' },
          title: { type: 'string' },
          standby: { type: 'boolean' },
        },
      },
      ChainDescription: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'title', 'environments'],
        properties: {
          id: { type: 'string' },
          title: { type: 'string' },
          environments: {
            type: 'array',
            items: { $ref: '#/components/schemas/EnvironmentDescription' },
          },
        },
      },
      FleetRelease: {
        type: 'object',
        additionalProperties: false,
        required: ['label'],
        properties: {
          label: { type: 'string' },
          digest: { type: 'string' },
          revision: { type: 'string' },
        },
      },
      ReleaseDifference: {
        type: 'string',
        enum: ['same', 'behind', 'ahead', 'different', 'unknown'],
      },
      FleetCell: {
        type: 'object',
        additionalProperties: false,
        required: ['status', 'observation', 'bound', 'targets'],
        properties: {
          status: { $ref: '#/components/schemas/DeploymentStatus' },
          serving: { $ref: '#/components/schemas/FleetRelease' },
          wanted: { $ref: '#/components/schemas/FleetRelease' },
          since: time,
          note: { type: 'string' },
          difference: { $ref: '#/components/schemas/ReleaseDifference' },
          observation: { $ref: '#/components/schemas/Observation' },
          bound: { type: 'boolean' },
          targets: { type: 'integer', minimum: 1 },
        },
      },
      FleetRow: {
        type: 'object',
        additionalProperties: false,
        required: ['entityRef', 'title', 'chain', 'group', 'cells'],
        properties: {
          entityRef: { type: 'string' },
          title: { type: 'string' },
          owner: { type: 'string' },
          chain: { type: 'string' },
          group: { type: 'string' },
          cells: {
            type: 'object',
            additionalProperties: { $ref: '#/components/schemas/FleetCell' },
          },
        },
      },
      FleetGroup: {
        type: 'object',
        additionalProperties: false,
        required: ['key', 'title', 'services', 'attention'],
        properties: {
          key: { type: 'string' },
          title: { type: 'string' },
          services: { type: 'integer' },
          attention: { type: 'integer' },
        },
      },
      FleetPage: {
        type: 'object',
        additionalProperties: false,
        required: [
          'version',
          'chains',
          'groups',
          'rows',
          'offset',
          'totals',
          'upstreams',
        ],
        properties: {
          version: { type: 'integer' },
          chains: {
            type: 'array',
            items: { $ref: '#/components/schemas/ChainDescription' },
          },
          groups: {
            type: 'array',
            items: { $ref: '#/components/schemas/FleetGroup' },
          },
          rows: {
            type: 'array',
            items: { $ref: '#/components/schemas/FleetRow' },
          },
          offset: { type: 'integer' },
          totals: {
            type: 'object',
            additionalProperties: false,
            required: ['services', 'attention', 'all', 'unmatchedApplications'],
            properties: {
              services: { type: 'integer' },
              attention: { type: 'integer' },
              all: { type: 'integer' },
              unmatchedApplications: { type: 'integer' },
            },
          },
          upstreams: {
            type: 'array',
            items: { $ref: '#/components/schemas/UpstreamStatus' },
          },
        },
      },
      Commit: {
        type: 'object',
        additionalProperties: false,
        required: ['sha'],
        properties: {
          sha: { type: 'string' },
          author: { type: 'string' },
          date: { type: 'string' },
          message: { type: 'string' },
          url: { type: 'string' },
        },
      },
      SourceRevision: {
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'revision'],
        properties: {
          kind: { type: 'string', enum: ['git', 'helm', 'oci'] },
          revision: { type: 'string' },
          repoUrl: { type: 'string' },
          commit: { $ref: '#/components/schemas/Commit' },
        },
      },
      Release: {
        type: 'object',
        additionalProperties: false,
        required: ['revisions'],
        properties: {
          image: { type: 'string' },
          tag: { type: 'string' },
          digest: { type: 'string' },
          revisions: {
            type: 'array',
            items: { $ref: '#/components/schemas/SourceRevision' },
          },
        },
      },
      DeploymentTarget: {
        type: 'object',
        additionalProperties: false,
        required: ['id'],
        properties: {
          id: { type: 'string' },
          instance: { type: 'string' },
          applicationNamespace: { type: 'string' },
          application: { type: 'string' },
          cluster: { type: 'string' },
          namespace: { type: 'string' },
          region: { type: 'string' },
          url: { type: 'string' },
        },
      },
      Binding: {
        oneOf: [
          {
            type: 'object',
            additionalProperties: false,
            required: ['state', 'by'],
            properties: {
              state: { type: 'string', const: 'bound' },
              by: {
                type: 'string',
                enum: ['application-annotation', 'configuration'],
              },
            },
          },
          {
            type: 'object',
            additionalProperties: false,
            required: ['state', 'reason'],
            properties: {
              state: { type: 'string', const: 'unbound' },
              reason: { type: 'string' },
            },
          },
        ],
      },
      StatusAssessment: {
        type: 'object',
        additionalProperties: false,
        required: ['status', 'reason', 'summary'],
        properties: {
          status: { $ref: '#/components/schemas/DeploymentStatus' },
          reason: { type: 'string' },
          summary: { type: 'string' },
          since: time,
        },
      },
      SyncPolicy: {
        type: 'object',
        additionalProperties: false,
        required: ['automated', 'prune', 'selfHeal'],
        properties: {
          automated: { type: 'boolean' },
          prune: { type: 'boolean' },
          selfHeal: { type: 'boolean' },
        },
      },
      SyncOperation: {
        type: 'object',
        additionalProperties: false,
        required: ['phase', 'automated', 'dryRun', 'partial'],
        properties: {
          phase: {
            type: 'string',
            enum: [
              'queued',
              'running',
              'retrying',
              'terminating',
              'succeeded',
              'failed',
            ],
          },
          message: { type: 'string' },
          startedAt: { type: 'string' },
          finishedAt: { type: 'string' },
          initiatedBy: { type: 'string' },
          automated: { type: 'boolean' },
          dryRun: { type: 'boolean' },
          partial: { type: 'boolean' },
          actionId: { type: 'string' },
        },
      },
      DeploymentCondition: {
        type: 'object',
        additionalProperties: false,
        required: ['type', 'severity', 'message'],
        properties: {
          type: { type: 'string' },
          severity: { type: 'string', enum: ['error', 'warning', 'info'] },
          message: { type: 'string' },
          since: { type: 'string' },
        },
      },
      ReplicaCounts: {
        type: 'object',
        additionalProperties: false,
        properties: {
          wanted: { type: 'integer' },
          updated: { type: 'integer' },
          ready: { type: 'integer' },
          available: { type: 'integer' },
        },
      },
      Deployment: {
        type: 'object',
        additionalProperties: false,
        required: [
          'entityRef',
          'environment',
          'target',
          'binding',
          'assessment',
          'observation',
          'sync',
          'health',
          'conditions',
        ],
        properties: {
          entityRef: { type: 'string' },
          environment: { type: 'string' },
          target: { $ref: '#/components/schemas/DeploymentTarget' },
          binding: { $ref: '#/components/schemas/Binding' },
          assessment: { $ref: '#/components/schemas/StatusAssessment' },
          observation: { $ref: '#/components/schemas/Observation' },
          wanted: { $ref: '#/components/schemas/Release' },
          serving: { $ref: '#/components/schemas/Release' },
          servingSince: time,
          sync: { type: 'string', enum: ['synced', 'out-of-sync', 'unknown'] },
          health: {
            type: 'string',
            enum: [
              'healthy',
              'progressing',
              'suspended',
              'degraded',
              'missing',
              'unknown',
            ],
          },
          healthMessage: { type: 'string' },
          healthSince: time,
          policy: { $ref: '#/components/schemas/SyncPolicy' },
          operation: { $ref: '#/components/schemas/SyncOperation' },
          conditions: {
            type: 'array',
            items: { $ref: '#/components/schemas/DeploymentCondition' },
          },
          replicas: { $ref: '#/components/schemas/ReplicaCounts' },
          replicasObservedAt: { type: 'string' },
          actions: {
            type: 'array',
            items: { $ref: '#/components/schemas/ActionAvailability' },
          },
          latestAction: { $ref: '#/components/schemas/DeploymentAction' },
        },
      },
      EnvironmentDifference: {
        type: 'object',
        additionalProperties: false,
        required: ['from', 'release', 'sentences'],
        properties: {
          from: { type: 'string' },
          release: { $ref: '#/components/schemas/ReleaseDifference' },
          sentences: { type: 'array', items: { type: 'string' } },
        },
      },
      EnvironmentDeployments: {
        type: 'object',
        additionalProperties: false,
        required: ['environment', 'deployments'],
        properties: {
          environment: { $ref: '#/components/schemas/EnvironmentDescription' },
          deployments: {
            type: 'array',
            items: { $ref: '#/components/schemas/Deployment' },
          },
          difference: { $ref: '#/components/schemas/EnvironmentDifference' },
        },
      },
      ServiceDeployments: {
        type: 'object',
        additionalProperties: false,
        required: [
          'version',
          'entityRef',
          'chain',
          'environments',
          'headline',
          'upstreams',
        ],
        properties: {
          version: { type: 'integer' },
          entityRef: { type: 'string' },
          chain: {
            type: 'object',
            additionalProperties: false,
            required: ['id', 'title'],
            properties: {
              id: { type: 'string' },
              title: { type: 'string' },
            },
          },
          environments: {
            type: 'array',
            items: { $ref: '#/components/schemas/EnvironmentDeployments' },
          },
          headline: { type: 'string' },
          upstreams: {
            type: 'array',
            items: { $ref: '#/components/schemas/UpstreamStatus' },
          },
        },
      },
      HistoryEntry: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'environment', 'target', 'at', 'release', 'source'],
        properties: {
          id: { type: 'string' },
          environment: { type: 'string' },
          target: {
            type: 'object',
            additionalProperties: false,
            required: ['id', 'instance', 'application'],
            properties: {
              id: { type: 'string' },
              instance: { type: 'string' },
              application: { type: 'string' },
              cluster: { type: 'string' },
              region: { type: 'string' },
            },
          },
          at: time,
          release: { $ref: '#/components/schemas/Release' },
          source: { type: 'string', enum: ['argocd-history', 'observed'] },
          initiatedBy: { type: 'string' },
          automated: { type: 'boolean' },
        },
      },
      HistoryPage: {
        type: 'object',
        additionalProperties: false,
        required: ['entries'],
        properties: {
          entries: {
            type: 'array',
            items: { $ref: '#/components/schemas/HistoryEntry' },
          },
          nextCursor: { type: 'string' },
        },
      },
      ...actionSchemas,
      ...activitySchemas,
    },
  },
  paths: {
    '/fleet': {
      get: {
        operationId: 'getFleet',
        summary: 'A window on the services and where they run',
        parameters: [
          {
            name: 'chain',
            in: 'query',
            description: 'Id of the chain to show; every chain when absent.',
            schema: {
              type: 'string',
              maxLength: 63,
              pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
            },
          },
          {
            name: 'owned',
            in: 'query',
            description: 'Only services that the caller owns.',
            schema: { type: 'boolean' },
          },
          {
            name: 'attention',
            in: 'query',
            description: 'Only services that need attention or are stale.',
            schema: { type: 'boolean' },
          },
          {
            name: 'text',
            in: 'query',
            description:
              'Only services whose name, title, system or release contains this.',
            schema: { type: 'string', maxLength: 200 },
          },
          {
            name: 'groupBy',
            in: 'query',
            schema: {
              type: 'string',
              enum: ['system', 'namespace', 'wave', 'none'],
            },
          },
          {
            name: 'offset',
            in: 'query',
            description: 'Index of the first service, from 0.',
            schema: { type: 'integer', minimum: 0, maximum: 1000000 },
          },
          {
            name: 'limit',
            in: 'query',
            description: 'How many services; 100 when absent.',
            schema: { type: 'integer', minimum: 1, maximum: 500 },
          },
          atLeastParameter,
        ],
        responses: {
          ...errors,
          '200': {
            description: 'The window.',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/FleetPage' },
              },
            },
          },
        },
      },
    },
    '/entities/{kind}/{namespace}/{name}/deployments': {
      get: {
        operationId: 'getDeployments',
        summary: 'Where a service runs, by environment',
        parameters: [
          kindParameter,
          namespaceParameter,
          nameParameter,
          atLeastParameter,
        ],
        responses: {
          ...errors,
          '200': {
            description: 'Its environments, in the order of its chain.',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/ServiceDeployments' },
              },
            },
          },
        },
      },
    },
    '/entities/{kind}/{namespace}/{name}/history': {
      get: {
        operationId: 'getHistory',
        summary: 'What was deployed of a service, newest first',
        parameters: [
          kindParameter,
          namespaceParameter,
          nameParameter,
          {
            name: 'environment',
            in: 'query',
            description: 'Id of the environment; every one when absent.',
            schema: environmentIdSchema,
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
            schema: { type: 'integer', minimum: 1, maximum: 200 },
          },
        ],
        responses: {
          ...errors,
          '200': {
            description: 'A page.',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/HistoryPage' },
              },
            },
          },
        },
      },
    },
    ...actionPaths,
    ...activityPaths,
  },
} as const;
