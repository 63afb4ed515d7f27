import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phoneRegion, readPhone } from '#kernel/phone.ts';
import { type Database, openDatabase } from '#platform/db.ts';
import { encodeValue } from '#platform/db-values.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { type GeneratedMember, generateMembers, peopleOf } from '#test/generate-members.ts';
import { isEan13 } from '../domain/card.ts';
import { planSearch } from '../domain/search-text.ts';
import { searchStatement } from '../store/search.ts';
import { searchMembers } from './search.ts';
import { listMembers } from './view.ts';

const count = 20_000;
const rules = { region: phoneRegion('RU'), cardPrefix: '290' };
const people: readonly GeneratedMember[] = [...peopleOf(count, 1)];
let test: TestDatabase;
let db: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 2 });
  await generateMembers(db.pool, count, 1);
});
afterAll(async () => {
  await db.close();
  await test.drop();
});

function personAt(place: number): GeneratedMember {
  const person = people[place];
  if (!person) throw new Error('no such person');
  return person;
}

async function found(text: string, more: { offset?: number; limit?: number } = {}) {
  const result = await searchMembers(db, rules, { text, offset: 0, limit: 50, ...more });
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}

async function idsOf(text: string): Promise<string[]> {
  return (await found(text)).items.map(({ member }) => member.memberId);
}

/** Found on all pages, as many as there are. */
async function allIdsOf(text: string): Promise<string[]> {
  const ids: string[] = [];
  for (let offset: number | null = 0; offset !== null; ) {
    const page = await found(text, { offset });
    ids.push(...page.items.map(({ member }) => member.memberId));
    offset = page.nextOffset;
  }
  return ids;
}

describe('the generated people', () => {
  it('are all different where they must be, and would pass registration', () => {
    expect(new Set(people.map(({ phone }) => phone)).size).toBe(count);
    expect(new Set(people.map(({ card }) => card)).size).toBe(count);
    for (const { phone, card } of people.slice(0, 500)) {
      expect(readPhone(phone, rules.region)).toEqual({ ok: true, phone });
      expect(isEan13(card)).toBe(true);
    }
  });
});

describe('R31: any identity finds its member', () => {
  const person = personAt(12_345);
  const { phone } = person;
  const local = `8 (${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8, 10)}-${phone.slice(10)}`;
  const mailed = people.find(({ email }) => email !== null) ?? person;
  it.each([
    ['a phone', phone, person],
    ['a phone as people write it', local, person],
    ['a card', person.card, person],
    ['a card in groups', person.card.replace(/(\d{4})(?=\d)/g, '$1 '), person],
    ['an address in capitals', mailed.email?.toUpperCase() ?? '', mailed],
  ])('%s', async (_name, text, owner) => {
    expect(await idsOf(text)).toEqual([owner.memberId]);
  });

  it('the last four digits find every phone that ends so', async () => {
    const digits = phone.slice(-4);
    const expected = people.filter((other) => other.phone.endsWith(digits)).map(({ memberId }) => memberId);
    expect((await allIdsOf(digits)).toSorted()).toEqual(expected.toSorted());
  });
});

describe('fragments of names', () => {
  const person = people.find(({ firstName, email }) => firstName === 'Семён' && email !== null) ?? personAt(0);
  const surname = person.lastName;
  const cases: readonly (readonly [string, string])[] = [
    ['surname and name', `${surname} ${person.firstName}`],
    ['name and surname', `${person.firstName} ${surname}`],
    ['е for ё', `${surname} Семен ${person.patronymic}`],
    ['small letters', `${surname} ${person.firstName} ${person.patronymic}`.toLowerCase()],
    ['fragments', `${surname.slice(0, 4)} ${person.firstName.slice(0, 3)} ${person.patronymic.slice(0, 5)}`],
    ['the middle of a surname', `${surname.slice(1)} ${person.firstName}`],
    ['initials', `${surname} ${person.firstName[0]} ${person.patronymic[0]}`],
    ['a part of the address', person.email?.split('@')[0] ?? ''],
  ];
  it.each(cases)('%s', async (_name, text) => {
    expect(await allIdsOf(text)).toContain(person.memberId);
  });

  it('finds all who match, none who do not, page by page without a repeat', async () => {
    const expected = people.filter((other) => other.lastName === surname && other.firstName === 'Семён');
    const ids = await allIdsOf(`${surname} Семён`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(expected.map(({ memberId }) => memberId)));
    const page = await found(`${surname} Семён`, { limit: 500 });
    for (const { member } of page.items) {
      expect(`${member.lastName} ${member.firstName}`.toLowerCase()).toContain(surname.toLowerCase());
    }
  });

  it('says when there is more than it looked at', async () => {
    expect((await found('ова')).truncated).toBe(true);
    expect((await found(`${surname} ${person.firstName} ${person.patronymic}`)).truncated).toBe(false);
  });

  it('asks for more than one letter', async () => {
    const result = await searchMembers(db, rules, { text: 'и', offset: 0, limit: 10 });
    expect(result).toEqual({ ok: false, refusal: { code: 'query_too_short' } });
  });

  it.each(['%', '_%_', "'; drop table members.member; --", '\\', '🙂🙂🙂', '(', 'а'.repeat(200)])(
    '%s finds nobody and breaks nothing',
    async (text) => {
      const result = await searchMembers(db, rules, { text, offset: 0, limit: 10 });
      expect(result.ok ? result.value.items : result.refusal.code).toEqual(result.ok ? [] : 'query_too_short');
    },
  );

  it.each(['Иванова', 'ив', 'иванова анна', 'шуби анна серг', '6789', '345678'])(
    '"%s" is answered by the index',
    async (text) => {
      const plan = planSearch(text);
      if (plan === null) throw new Error('too short');
      const { statement, values } = searchStatement(plan);
      const explained = await db.pool.query<Record<string, string>>(
        `explain ${statement.text}`,
        values.map(encodeValue),
      );
      const steps = explained.rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(steps).toContain('Bitmap Index Scan on search_words');
      expect(steps).not.toContain('Seq Scan');
    },
  );
});

describe('the list', () => {
  it('goes through all members once, newest first', async () => {
    const seen: string[] = [];
    for (let before: string | null = null, more = true; more; ) {
      const page = await listMembers(db, { before, limit: 500 });
      seen.push(...page.items.map(({ member }) => member.memberId));
      before = page.next;
      more = before !== null;
    }
    expect(seen).toEqual(
      people
        .map(({ memberId }) => memberId)
        .toSorted()
        .toReversed(),
    );
  });

  it('filters', async () => {
    const staff = await listMembers(db, { before: null, limit: 10, staff: true });
    expect(staff).toEqual({ items: [], next: null });
  });
});
