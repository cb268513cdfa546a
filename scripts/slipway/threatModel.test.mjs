import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT } from './paths.mjs';

const DOCUMENT = readFileSync(join(ROOT, 'docs', 'threat-model.md'), 'utf8');

/** The threats: lines of the tables that have a column "its test". */
const threats = DOCUMENT.slice(
  DOCUMENT.indexOf('## Threats'),
  DOCUMENT.indexOf('## What is left'),
)
  .split('\n')
  .filter(line => /^\| (?!threat |-)/.test(line))
  .map(line => {
    const [threat, , tests] = line
      .slice(1, -1)
      .split(' | ')
      .map(cell => cell.trim());
    return {
      threat,
      tests: [...(tests ?? '').matchAll(/\]\(\.\.\/([^)]+)\): “([^”]+)”/g)].map(
        ([, file, title]) => ({ file, title }),
      ),
    };
  });

/**
 * Whether a file has a test, or a group of tests, of that title.
 *
 * @param {string} text
 * @param {string} title
 */
function hasTest(text, title) {
  const literal = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(
    `\\b(?:it|test|describe)\\b[^'"\`]*(?:\\([^;]*?)?(['"\`])${literal}\\1`,
  ).test(text);
}

describe('the threat model', () => {
  test('has threats, each with what would notice it', () => {
    assert.ok(threats.length > 30);
    for (const { threat, tests } of threats) {
      assert.ok(tests.length > 0, `nothing tests: ${threat}`);
    }
  });

  for (const { threat, tests } of threats) {
    test(`names tests that exist: ${threat}`, () => {
      for (const { file, title } of tests) {
        const path = join(ROOT, file);
        assert.ok(existsSync(path), `${file} is gone`);
        assert.ok(
          hasTest(readFileSync(path, 'utf8'), title),
          `${file} has no test called “${title}”`,
        );
      }
    });
  }

  test('is held by a check that knows a test from a sentence', () => {
    const text = `it('does this', () => {});\n// does that\nit.each([1])('is %d', () => {});`;
    assert.ok(hasTest(text, 'does this'));
    assert.ok(hasTest(text, 'is %d'));
    assert.ok(!hasTest(text, 'does that'));
    assert.ok(!hasTest(text, 'does th'));
  });
});

test('no table of ours has a column for a secret', () => {
  const plugins = join(ROOT, 'plugins');
  const migrations = readdirSync(plugins)
    .map(name => join(plugins, name, 'migrations'))
    .filter(existsSync)
    .flatMap(folder =>
      readdirSync(folder)
        .filter(name => name.endsWith('.js'))
        .map(name => join(folder, name)),
    );
  assert.ok(migrations.length > 0);
  for (const file of migrations) {
    const columns = [
      ...readFileSync(file, 'utf8').matchAll(/\.(\w+)\(\s*'([a-z_]+)'/g),
    ].map(([, , name]) => name);
    assert.deepEqual(
      columns.filter(name => /token|password|secret|credential/.test(name)),
      [],
      file,
    );
  }
});
