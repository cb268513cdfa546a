import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';

/** The root of the repository. */
export const ROOT = resolve(__dirname, '..', '..');

/** Where results go: the folder that `./slipway` keeps everything in. */
const RESULTS = join(
  process.env.SLIPWAY_HOME ?? join(ROOT, '.slipway'),
  'bench',
);

/** A table of figures: a title for each column, and as many cells a row. */
export type Table = {
  title: string;
  columns: string[];
  rows: (string | number)[][];
};

/** What a benchmark found. */
export type Report = {
  /** Its name: that of its file, without `.bench.ts`. */
  name: string;
  /** What was measured under which conditions, one sentence a line. */
  conditions: string[];
  tables: Table[];
  /** The figures behind the tables, for programs. */
  results: object;
};

/** What figures mean nothing without. */
function circumstances() {
  const packageJson = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as { version: string };
  const backstage = JSON.parse(
    readFileSync(join(ROOT, 'backstage.json'), 'utf8'),
  ) as { version: string };
  return {
    date: new Date().toISOString(),
    versions: {
      slipway: packageJson.version,
      backstage: backstage.version,
      node: process.version,
    },
    machine: {
      cores: cpus().length,
      processor: cpus()[0]?.model ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 1024 ** 3),
      system: `${type()} ${release()}`,
      // Other work on the machine shows here, and in every time below.
      loadAverage: loadavg().map(load => Number(load.toFixed(1))),
    },
  };
}

/**
 * Prints a report as Markdown, ready to be pasted into docs/benchmarks.md, and
 * writes it as JSON.
 */
export function publish(report: Report): void {
  const around = circumstances();
  const { machine, versions } = around;
  const lines = [
    '',
    `Measured on ${around.date.slice(0, 16).replace('T', ' ')} UTC, Node ${
      versions.node
    }, Backstage ${versions.backstage}, ${machine.cores} cores (${
      machine.processor
    }), ${machine.memoryGiB} GiB, load average at the end ${
      machine.loadAverage[0]
    }.`,
    '',
    ...report.conditions.map(line => `- ${line}`),
    ...report.tables.flatMap(markdownOf),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${report.name}.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ ...around, ...report }, undefined, 2)}\n`,
  );
  process.stdout.write(`\nWritten to ${file}\n`);
}

/** A Markdown table, its columns as wide as prettier makes them. */
function markdownOf({ title, columns, rows }: Table): string[] {
  const lines = [columns, ...rows.map(row => row.map(String))];
  const widths = columns.map((_, column) =>
    Math.max(3, ...lines.map(line => line[column].length)),
  );
  const isFigure = columns.map((_, column) =>
    rows.every(row => typeof row[column] === 'number'),
  );
  const write = (cells: string[]) =>
    `| ${cells
      .map((cell, column) =>
        isFigure[column]
          ? cell.padStart(widths[column])
          : cell.padEnd(widths[column]),
      )
      .join(' | ')} |`;
  const ruler = widths.map((width, column) =>
    isFigure[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [
    '',
    `**${title}**`,
    '',
    write(lines[0]),
    write(ruler),
    ...lines.slice(1).map(write),
  ];
}

/** Says what is being done, for whoever waits. */
export function progress(text: string): void {
  process.stderr.write(`  … ${text}\n`);
}
