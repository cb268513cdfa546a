import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DELIVERY_GRANTS, DeliveryGrant } from './domain/deliveryGrants';
import { PLATFORM_GRANTS, PlatformAudience } from './domain/platformGrants';

/** The rows of the table below a comment that names a file, as their cells. */
function tableAbout(file: string): string[][] {
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
  const [, below] = readme.split(`compares this table with ${file}. -->`);
  const rows: string[][] = [];
  for (const line of below.trim().split('\n')) {
    if (!line.startsWith('|')) {
      break;
    }
    rows.push(
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
  }
  return rows;
}

/** A line of the table, as the README writes it. */
function cellsOf(grant: DeliveryGrant): string[] {
  const yes = (is: boolean) => (is ? '✓' : '–');
  const words = {
    everywhere: '✓',
    nowhere: '–',
    guarded: 'guarded only',
    unguarded: 'unguarded only',
  };
  return [
    words[grant.everyone],
    yes(['everywhere', 'unguarded'].includes(grant.owner)),
    yes(['everywhere', 'guarded'].includes(grant.owner)),
    words[grant.approver],
    words[grant.operator],
    words[grant['platform-engineer']],
  ];
}

describe('the README', () => {
  it('shows the grants of deliveries as they are', () => {
    const [heads, , ...rows] = tableAbout('src/domain/deliveryGrants.ts');
    expect(heads).toEqual([
      'permission',
      'everyone signed in',
      'owner, unguarded',
      'owner, guarded',
      'approver',
      'operator',
      'platform engineer',
    ]);
    expect(rows).toEqual(
      Object.entries(DELIVERY_GRANTS).flatMap(([permission, grant]) =>
        grant ? [[`\`${permission}\``, ...cellsOf(grant)]] : [],
      ),
    );
  });

  it("shows the grants of Backstage's permissions as they are", () => {
    const [, , ...rows] = tableAbout('src/domain/platformGrants.ts');
    const of = (audience: PlatformAudience) =>
      Object.keys(PLATFORM_GRANTS)
        .filter(permission => PLATFORM_GRANTS[permission] === audience)
        .sort()
        .map(permission => `\`${permission}\``)
        .join(' ');
    expect(rows).toEqual([
      ['everyone signed in', of('everyone')],
      ['owners of the entity, and platform engineers', of('entity-owners')],
      ['whoever started the task and platform engineers', of('task-owners')],
      ['platform engineers', of('platform-engineers')],
    ]);
  });
});
