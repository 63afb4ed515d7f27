// Every hot statement is prepared on the migrated database, and its text is committed: a change of SQL is seen in review.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredStatements } from '#platform/db.ts';
import { type House, openHouse } from './house.ts';

const snapshotFile = './statements.snapshot.sql';
/** PREPARE takes queries only; these run in every test that meets them. */
const utility = /^(?:savepoint|release|rollback|set|lock) /;

/** Tables led by the very thing that is unique across members (architecture.md), not by the member. */
const keyTables = [
  'members.identity',
  'promotions.promo_code',
  'checkout.receipt_key',
  'checkout.fiscal_key',
  'imports.made',
  'imports.staged_member',
];

const ofNoPart: Readonly<Record<string, string>> = {
  'platform.fact': 'the relay forgets them within seconds; they hold no personal data',
  'imports.staged_member': 'what an import reads its file into; the next one empties it',
};

/** Statements that ask many members at once, on purpose: none of them runs in a purchase. */
const acrossMembers: Readonly<Record<string, string>> = {
  'checkout.count_past_receipts': 'a simulation walks the receipts of a period',
  'checkout.find_by_purchase': 'a claim by the paper receipt: nobody knows whose it is',
  'checkout.find_expired_holds': 'due work',
  'checkout.list_past_lines': 'a simulation, a page of receipts at once',
  'checkout.list_waiting_receipts': 'a screen of the admin',
  'checkout.page_past_receipts': 'a simulation walks the receipts of a period',
  'checkout.sum_returns_of_day': "a shop's day against its Z-report",
  'checkout.sum_sales_of_day': "a shop's day against its Z-report",
  'imports.count_touched': 'an import counts its members',
  'imports.page_touched': 'undo walks the members of an import',
  'imports.relay_revision': 'an import, a batch of members at once',
  'imports.update_revisions': 'an import, a batch of members at once',
  'ledger.any_lot': 'asked when a program that changes the value of a point is published',
  'ledger.page_members': 'the audit walks everybody',
  'ledger.update_lots_of_many': 'mass burns and imports, a chunk of members at once',
  'members.find_aliases': 'the family of a member: cold reads only',
  'members.search': 'search by a fragment of a name',
  'standing.page': 'the audit walks everybody',
  'standing.page_due': 'due work',
  'standing.save_many': 'mass burns and imports, a chunk of members at once',
  'tiers.due_reviews': 'due work',
};

let house: House;
beforeAll(async () => {
  // Wires the whole product: every module's statements are declared by then.
  house = await openHouse();
});
afterAll(() => house.close());

/** Name and text; of a rows statement (one per length of its list) the shortest stands for its family. */
function families(): [string, string][] {
  const all = [...declaredStatements()];
  const isFamily = (name: string) =>
    declaredStatements().get(`${name}_1`)?.includes('values (') === true && declaredStatements().has(`${name}_2`);
  return all
    .filter(([name]) => !/_\d+$/.test(name) || name.endsWith('_1') || !isFamily(name.replace(/_\d+$/, '')))
    .map(([name, text]): [string, string] => {
      const family = name.replace(/_1$/, '');
      return name.endsWith('_1') && isFamily(family) ? [`${family} (rows)`, text] : [name, text];
    })
    .toSorted(([first], [second]) => (first < second ? -1 : 1));
}

/** Lines without the indentation they have in the code. */
function dedented(text: string): string {
  const lines = text.trim().split('\n');
  const indents = lines
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const least = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((line, index) => (index === 0 ? line : `  ${line.slice(least)}`.trimEnd())).join('\n');
}

async function rows<Row extends object>(sql: string): Promise<Row[]> {
  return (await house.foundation.db.pool.query<Row>(sql)).rows;
}

describe('statements', () => {
  it('every declared statement is prepared by the migrated database', async () => {
    const failures: string[] = [];
    const client = await house.foundation.db.pool.connect();
    for (const [name, text] of declaredStatements()) {
      if (utility.test(text)) continue;
      await client
        .query(`prepare "${name}" as ${text}`)
        .catch((error: Error) => failures.push(`${name}: ${error.message}`));
    }
    client.release(true);
    expect(failures).toEqual([]);
    expect(declaredStatements().size).toBeGreaterThan(300);
  });

  it('their text is the committed one', async () => {
    const text = families().map(([name, sql]) => `-- ${name}\n${dedented(sql)};\n`);
    await expect(text.join('\n')).toMatchFileSnapshot(snapshotFile);
  });

  it('every one names member_id for each table of members that it touches, so that Citus sends it to one shard', async () => {
    const led = await tablesOfMembers();
    const mistakes = families().flatMap(([family, sql]) => {
      const name = family.replace(/ \(rows\)$|_\d+$/, '');
      const loose = unnamed(sql, led);
      if (loose.length === 0 || name in acrossMembers) return [];
      return [
        `${name}: ${loose.join(', ')} without member_id = $n. It is hot: name it; or say in acrossMembers why not`,
      ];
    });
    expect(mistakes).toEqual([]);
    const known = new Set(families().map(([family]) => family.replace(/ \(rows\)$|_\d+$/, '')));
    expect(Object.keys(acrossMembers).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('tables of members', () => {
  it('every one leads its primary key with member_id', async () => {
    const all = await tablesWithMember();
    const wrong = all.filter(({ name, key }) => key[0] !== 'member_id' && !keyTables.includes(name));
    expect(wrong).toEqual([]);
    expect(
      keyTables.filter((name) => !all.some((table) => table.name === name && table.key[0] !== 'member_id')),
    ).toEqual([]);
  });

  it('every other unique key of them leads with member_id too', async () => {
    const found = await rows<{ table: string; index: string; first: string }>(
      `select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as index, a.attname as first
       from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indisunique`,
    );
    const led = await tablesOfMembers();
    expect(found.filter(({ table, first }) => led.has(table) && first !== 'member_id')).toEqual([]);
  });

  it('every one belongs to one MemberPart, so that export, erasure and merging know it', async () => {
    const parts = house.kopilka.modules.flatMap((module) => module.part?.tables ?? []);
    expect(parts.length).toBe(new Set(parts).size);
    const all = (await tablesWithMember()).map(({ name }) => name);
    expect(all.filter((name) => !parts.includes(name) && !(name in ofNoPart))).toEqual([]);
    expect(parts.filter((name) => !all.includes(name))).toEqual([]);
  });
});

interface TableOfMembers {
  readonly name: string;
  readonly key: readonly string[];
}

async function tablesWithMember(): Promise<TableOfMembers[]> {
  return rows<{ name: string; key: string[] }>(
    `select c.oid::regclass::text as name, coalesce((
       select array_agg(k.attname::text order by p.place) from pg_index i, unnest(i.indkey::int2[]) with ordinality as p (attnum, place)
       join pg_attribute k on k.attnum = p.attnum where i.indrelid = c.oid and k.attrelid = c.oid and i.indisprimary), '{}') as key
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname in ('member_id', 'survivor_id') and not a.attisdropped
     where c.relkind in ('r', 'p') order by 1`,
  );
}

async function tablesOfMembers(): Promise<ReadonlySet<string>> {
  const all = await tablesWithMember();
  return new Set(all.filter(({ key }) => key[0] === 'member_id').map(({ name }) => name));
}

const notAliases = /^(?:where|set|on|values|order|join|for|left|limit|group|and|cross|using|inner|union)$/;

/** The tables of members in a statement that are neither inserted into nor asked by `member_id = $n` (or a list of ids). */
function unnamed(sql: string, led: ReadonlySet<string>): string[] {
  const text = sql.replaceAll(/\s+/g, ' ');
  const touched = [...text.matchAll(/(?:from|join|update|into|using|,) ([a-z_]+\.[a-z_]+)(?: (?:as )?([a-z_]+))?/g)]
    .map(([, table = '', alias = '']) => ({
      table,
      alias: alias === '' || notAliases.test(alias) ? table.replace(/.*\./, '') : alias,
    }))
    .filter(({ table }) => led.has(table));
  return touched
    .filter(({ table, alias }) => {
      if (new RegExp(`into ${table}(?: as \\w+)? \\([^)]*\\bmember_id\\b`).test(text)) return false;
      const name = touched.length === 1 ? `(?:${alias}\\.)?` : `${alias}\\.`;
      return !new RegExp(`(?<![\\w.])${name}member_id = (?:\\$|any)`).test(text);
    })
    .map(({ table }) => table);
}
