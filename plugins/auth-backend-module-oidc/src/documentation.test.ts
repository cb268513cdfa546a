import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ConfigSchema, loadConfigSchema } from '@backstage/config-loader';
import { JsonObject } from '@backstage/types';
import { parse } from 'yaml';
import { oidcProviderFactory } from './oidcProviderFactory';
import { signInProblemCodes } from './signInProblem';

const GUIDE = readFileSync(
  resolve(__dirname, '../../../docs/sign-in.md'),
  'utf8',
);

/** The YAML blocks of the guide, with something in place of each `${NAME}`. */
const blocks = [...GUIDE.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(
  ([, indent, text]): JsonObject =>
    parse(
      text
        .replace(new RegExp(`^${indent}`, 'gm'), '')
        .replace(/\$\{(\w+)\}/g, 'value-of-$1'),
    ),
);

/** What every portal has, so that what is missing is about sign-in. */
const portal = {
  app: { baseUrl: 'https://portal.example.com' },
  backend: {
    baseUrl: 'https://portal.example.com',
    listen: ':7007',
    database: { client: 'better-sqlite3', connection: ':memory:' },
  },
};

/** Keys that `auth.providers.oidc.<environment>` has, by the installed schemas. */
function knownKeys(schema: ConfigSchema): Set<string> {
  const { schemas } = schema.serialize() as unknown as {
    schemas: { value: unknown }[];
  };
  const keys = schemas.flatMap(({ value }) => {
    const oidc = new ConfigReader(value as JsonObject).getOptional<{
      additionalProperties: { properties: JsonObject };
    }>('properties.auth.properties.providers.properties.oidc');
    return Object.keys(oidc?.additionalProperties.properties ?? {});
  });
  return new Set(keys);
}

describe('docs/sign-in.md', () => {
  let schema: ConfigSchema;
  beforeAll(async () => {
    schema = await loadConfigSchema({
      dependencies: [
        '@slipway/plugin-auth-backend-module-oidc',
        '@backstage/plugin-auth-backend',
        '@backstage/plugin-auth-backend-module-oidc-provider',
      ],
    });
  }, 60_000);

  it('has a block for each provider that it names', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(5);
    for (const host of ['okta.com', 'microsoftonline.com', 'keycloak.']) {
      expect(JSON.stringify(blocks)).toContain(host);
    }
  });

  it.each(blocks.map((block, index) => [index + 1, block] as const))(
    'block %i is configuration that the packages read',
    async (_, block) => {
      expect(() =>
        schema.process([
          { data: portal, context: 'portal' },
          { data: block, context: 'docs/sign-in.md' },
        ]),
      ).not.toThrow();
      const config = new ConfigReader(block);
      const environment = config.getString('auth.environment');
      const oidc = config.getConfig('auth.providers.oidc');
      expect(oidc.keys()).toEqual([environment]);
      const known = knownKeys(schema);
      expect(known).toContain('matchUser');
      expect(known).toContain('metadataUrl');
      expect(
        oidc
          .getConfig(environment)
          .keys()
          .filter(key => !known.has(key)),
      ).toEqual([]);

      // And the code takes it: wrong resolvers and values would throw here.
      const data = oidc.get<Record<string, JsonObject>>();
      data[environment].metadataUrl = 'http://127.0.0.1:1/';
      expect(
        oidcProviderFactory({
          providerId: 'oidc',
          baseUrl: 'https://portal.example.com/api/auth',
          appUrl: 'https://portal.example.com',
          isOriginAllowed: () => true,
          globalConfig: {
            baseUrl: 'https://portal.example.com/api/auth',
            appUrl: 'https://portal.example.com',
            isOriginAllowed: () => true,
          },
          config: new ConfigReader(data),
          logger: mockServices.logger.mock(),
          resolverContext: {} as never,
        }),
      ).toBeDefined();
    },
  );

  it('has a remedy for every code', () => {
    for (const code of signInProblemCodes) {
      expect(GUIDE).toContain(`\`${code}\``);
    }
  });
});
