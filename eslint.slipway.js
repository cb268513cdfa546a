/**
 * The one ESLint configuration of every package here: Backstage's own, plus the
 * arrows of this house (docs/architecture.md) as errors.
 */
const path = require('node:path');

/** Which of our packages a package may not import, by the kind of package. */
function forbiddenFor(name) {
  const never = {
    common: {
      group: ['@slipway/*'],
      message: 'A common package imports nothing of ours.',
    },
    backend: {
      group: ['@slipway/*-backend', '@slipway/*-backend-module-*'],
      message: 'Backends meet through their -node packages.',
    },
    server: {
      group: [
        '@slipway/*-node',
        '@slipway/*-backend',
        '@slipway/*-backend-module-*',
        '@slipway/sandbox',
      ],
      message: 'The browser never imports server code.',
    },
    pages: {
      group: ['@slipway/plugin-delivery', '@slipway/plugin-delivery/*'],
      message: 'Shared parts of a frontend plugin live in its -react package.',
    },
  };
  if (name.endsWith('-common')) return [never.common];
  if (name.endsWith('-react')) return [never.server, never.pages];
  if (name.endsWith('-node') || /-backend(-module-.*)?$/.test(name)) {
    return [never.backend, never.pages];
  }
  if (name === 'backend' || name === 'sandbox') return [never.pages];
  return [never.server];
}

module.exports = function slipwayEslint(dir) {
  const name = path.basename(dir);
  const arrows = forbiddenFor(name);
  const base = require('@backstage/cli/config/eslint-factory')(dir, {
    rules: {
      '@backstage/no-mixed-plugin-imports': 'error',
      'no-restricted-imports': ['error', { patterns: arrows }],
      'no-console': 'error',
    },
  });
  return {
    ...base,
    overrides: [
      ...(base.overrides ?? []),
      {
        // Rules are plain data in, plain data out: time is passed in, and
        // nothing here can reach a network, a database or the framework.
        files: ['src/domain/**/*.ts'],
        excludedFiles: ['**/*.test.ts'],
        rules: {
          'no-restricted-imports': [
            'error',
            {
              patterns: [
                ...arrows,
                {
                  group: [
                    'node:*',
                    'knex',
                    'express',
                    'undici',
                    '@backstage/*',
                    '!@backstage/errors',
                    '!@backstage/types',
                    '!@backstage/catalog-model',
                    '!@backstage/filter-predicates',
                  ],
                  message:
                    'src/domain holds rules only: no framework, network, database or file system.',
                },
              ],
            },
          ],
          'no-restricted-syntax': [
            'error',
            {
              selector:
                "CallExpression[callee.object.name='Date'][callee.property.name='now']",
              message: 'Pass the time in.',
            },
            {
              selector: "NewExpression[callee.name='Date'][arguments.length=0]",
              message: 'Pass the time in.',
            },
            {
              selector:
                "CallExpression[callee.object.name='DateTime'][callee.property.name=/^(now|utc|local)$/][arguments.length=0]",
              message: 'Pass the time in.',
            },
          ],
        },
      },
    ],
  };
};
