import { existsSync, readFileSync } from 'node:fs';
import { RUNNING } from './paths.mjs';
import { Problem } from './problem.mjs';
import { say } from './say.mjs';

/**
 * Changes the sandbox's world while it runs.
 *
 * @param {string[]} args the scenario's name, then its parameters as
 *   `--name value`; or `list`; or `speed <factor>`
 */
export async function run(args) {
  const [name = 'list', ...rest] = args;
  if (!existsSync(RUNNING)) {
    throw new Problem(
      'The sandbox is not running.',
      'Start it with ./slipway up in another terminal.',
    );
  }
  const { control } = JSON.parse(readFileSync(RUNNING, 'utf8'));
  if (name === 'list') {
    const { items, active } = await ask(`${control}/scenarios`);
    for (const scenario of items) {
      say(`\n${scenario.name}: ${scenario.title}`);
      say(wrap(scenario.description, '  '));
      for (const parameter of scenario.parameters ?? []) {
        const fallback =
          parameter.default === undefined ? '' : ` (${parameter.default})`;
        say(`  --${parameter.name}  ${parameter.description}${fallback}`);
      }
    }
    for (const { name: running, message } of active) {
      say(`\nActive: ${running}. ${message}`);
    }
    say(
      '\nspeed <factor>: Let simulated waits pass faster, such as ./slipway scenario speed 10',
    );
    return;
  }
  if (name === 'speed') {
    const { speed } = await ask(`${control}/speed`, { speed: Number(rest[0]) });
    say(`Simulated waits now pass ${speed} times as fast.`);
    return;
  }
  const { items } = await ask(`${control}/scenarios`);
  const known = items.find(
    (/** @type {any} */ scenario) => scenario.name === name,
  );
  const answer = await ask(
    `${control}/scenarios/${encodeURIComponent(name)}`,
    parameters(rest, known?.parameters ?? []),
  );
  say(answer.message ?? JSON.stringify(answer, undefined, 2));
}

/**
 * @param {string[]} words
 * @param {{ name: string, type?: string }[]} known what the scenario takes
 * @returns {Record<string, string | number>}
 */
function parameters(words, known) {
  /** @type {Record<string, string | number>} */
  const values = {};
  for (let index = 0; index < words.length; index += 2) {
    const option = words[index];
    const value = words[index + 1];
    if (!option.startsWith('--') || value === undefined) {
      throw new Problem(
        `'${words.slice(index).join(' ')}' is not a parameter and its value.`,
        'Write parameters as --service checkout; ./slipway scenario list names them.',
        2,
      );
    }
    const name = option.slice(2);
    const number = ['number', 'integer'].includes(
      known.find(parameter => parameter.name === name)?.type ?? '',
    );
    values[name] = number ? Number(value) : value;
  }
  return values;
}

/** @param {string} url @param {object} [body] */
async function ask(url, body) {
  let response;
  try {
    response = await fetch(url, {
      ...(body && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      signal: AbortSignal.timeout(60_000),
    });
  } catch {
    throw new Problem(
      'The sandbox does not answer.',
      'Is ./slipway up still running?',
    );
  }
  const answer = await response.json();
  if (!response.ok) {
    throw new Problem(
      answer.error?.message ?? `The sandbox answered ${response.status}.`,
    );
  }
  return answer;
}

/** @param {string} text @param {string} indent */
function wrap(text, indent) {
  const width = Math.min(process.stdout.columns ?? 100, 100) - indent.length;
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + word.length + 1 <= width) {
      lines[last] += ` ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.map(line => indent + line).join('\n');
}
