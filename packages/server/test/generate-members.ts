// A chain's members out of a seed, by COPY: names as they are met in Russia, phones in real ranges, cards. For benches and for tests of search.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Temporal } from 'temporal-polyfill';
import { cardNumber, scrambleOf } from '#modules/members/domain/card.ts';
import { searchLine } from '#modules/members/domain/search-text.ts';
import { virtualClock } from '#platform/clock.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { drawsOf, type Person, personAt } from '../src/cli/demo/people.ts';

export interface GeneratedMember extends Person {
  readonly memberId: string;
  readonly card: string;
  readonly joinedAt: string;
}

const cardScramble = scrambleOf(0x5eed_0000_cafe_0001n);
const generatedAt = Temporal.Instant.from('2026-11-22T00:00:00Z');

/** The same seed makes the same people. */
export function* peopleOf(count: number, seed: number): Generator<GeneratedMember> {
  const random = seededRandom(seed);
  const draw = drawsOf(random);
  const clock = virtualClock(generatedAt);
  const newId = idMaker(clock, random);
  const start = generatedAt.epochMilliseconds - 5 * 365 * 86_400_000;
  for (let place = 0; place < count; place += 1) {
    const joined = start + Math.floor((place / count) * 5 * 365 * 86_400_000);
    clock.set(Temporal.Instant.fromEpochMilliseconds(joined));
    yield {
      ...personAt(place, draw),
      memberId: newId(),
      card: cardNumber('290', BigInt(place), cardScramble),
      joinedAt: new Date(joined).toISOString(),
    };
  }
}

const copies = {
  member:
    'members.member (member_id, status, joined_at, first_name, last_name, patronymic, birthday, gender, origin, registered_by, created_at, updated_at)',
  identity: 'members.identity (kind, value, member_id, identity_id, state, added_at, source)',
  search: 'members.search (member_id, words)',
  standing: 'standing.standing (member_id)',
} as const;
type Copied = keyof typeof copies;

/**
 * Fills members and their standings. On an empty search table the trigram index is built afterwards: a quarter of the time of growing it row by
 * row. 400,000 take well under a minute on two cores.
 */
export async function generateMembers(pool: pg.Pool, count: number, seed: number): Promise<void> {
  const isEmpty = (await pool.query('select 1 from members.search limit 1')).rowCount === 0;
  const index = await pool.query<{ indexdef: string }>(
    "select indexdef from pg_indexes where schemaname = 'members' and indexname = 'search_words'",
  );
  if (isEmpty) await pool.query('drop index members.search_words');
  for (const people of groupsOf(peopleOf(count, seed))) {
    for (const table of Object.keys(copies) as Copied[]) await copyRows(pool, table, people);
  }
  if (isEmpty) await pool.query(index.rows[0]?.indexdef ?? '');
  await pool.query('analyze members.member, members.identity, members.search, standing.standing');
}

const groupSize = 20_000;

/** Every table gets the same people; a group at a time, so that memory does not grow with the chain. */
function* groupsOf(people: Iterable<GeneratedMember>): Generator<readonly GeneratedMember[]> {
  let group: GeneratedMember[] = [];
  for (const person of people) {
    group.push(person);
    if (group.length < groupSize) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function copyRows(pool: pg.Pool, table: Copied, people: Iterable<GeneratedMember>): Promise<void> {
  const client = await pool.connect();
  try {
    await pipeline(Readable.from(chunksOf(table, people)), client.query(copyFrom(`copy ${copies[table]} from stdin`)));
  } finally {
    client.release();
  }
}

const chunkLines = 500;

function* chunksOf(table: Copied, people: Iterable<GeneratedMember>): Generator<string> {
  let lines: string[] = [];
  for (const person of people) {
    for (const fields of rowsOf(table, person)) lines.push(fields.map((field) => field ?? '\\N').join('\t'));
    if (lines.length < chunkLines) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

function rowsOf(table: Copied, person: GeneratedMember): (string | null)[][] {
  const { memberId, joinedAt, phone, email, card } = person;
  switch (table) {
    case 'member': {
      const names = [person.firstName, person.lastName, person.patronymic];
      const gender = person.female ? 'female' : 'male';
      return [
        [memberId, 'active', joinedAt, ...names, person.birthday, gender, 'import', 'generator', joinedAt, joinedAt],
      ];
    }
    case 'identity': {
      const held: (readonly [string, string])[] = [
        ['phone', phone],
        ['card', card],
      ];
      if (email !== null) held.push(['email', email]);
      // The member's id with another digit or two: unique among identities.
      return held.map(([kind, value], place) => [
        kind,
        value,
        memberId,
        identityId(memberId, place),
        'active',
        joinedAt,
        'import',
      ]);
    }
    case 'search':
      return [[memberId, searchLine([person.lastName, person.firstName, person.patronymic, phone.slice(1), email])]];
    case 'standing':
      return [[memberId]];
  }
}

function identityId(memberId: string, place: number): string {
  return `${memberId.slice(0, 14)}8${memberId.slice(15, -1)}${place}`;
}
