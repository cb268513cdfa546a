import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCS = join(ROOT, 'docs');
const PLATFORM =
  process.env.SLIPWAY_PLATFORM_DOCS ?? join(ROOT, '..', 'shared', 'platform');

/**
 * The headings of a Markdown text below its title, without emphasis.
 *
 * @param {string} markdown
 */
function headings(markdown) {
  return markdown
    .replace(/^```[\s\S]*?^```/gm, '')
    .split('\n')
    .map(line => /^#{2,6}\s+(.*)$/.exec(line)?.[1])
    .filter(heading => heading !== undefined)
    .map(heading => heading.replace(/\*\*/g, '').trim());
}

/** @param {string} markdown @returns {string[]} first cells of its tables */
function rows(markdown) {
  return [...markdown.matchAll(/^\| (?!section |:?-)(.+?) +\|/gm)].map(
    match => match[1],
  );
}

const coverage = readFileSync(join(DOCS, 'coverage.md'), 'utf8');

test('every section of the platform documents stands in docs/coverage.md', t => {
  if (!existsSync(PLATFORM)) {
    t.skip(
      'the platform documents are not at hand; name their folder in SLIPWAY_PLATFORM_DOCS',
    );
    return;
  }
  const sections = readdirSync(PLATFORM)
    .filter(name => name.endsWith('.md'))
    .flatMap(name => headings(readFileSync(join(PLATFORM, name), 'utf8')));
  assert.ok(sections.length > 80, 'the documents have sections');
  const covered = rows(coverage);
  assert.deepEqual(
    sections.filter(section => !covered.includes(section)),
    [],
  );
  assert.deepEqual(
    covered.filter(section => !sections.includes(section)),
    [],
    'nothing is covered that no document has',
  );
});

for (const name of [
  'README.md',
  ...readdirSync(DOCS).map(file => `docs/${file}`),
]) {
  if (!name.endsWith('.md')) {
    continue;
  }
  test(`every path that ${name} links to exists`, () => {
    const file = join(ROOT, name);
    const links = [
      ...readFileSync(file, 'utf8').matchAll(
        /\]\((?!https?:|#|mailto:)([^)#]+)/g,
      ),
    ].map(match => match[1]);
    assert.deepEqual(
      links.filter(link => !existsSync(resolve(file, '..', link))),
      [],
    );
  });
}
