import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import { currentConsents, listConsents } from '#modules/members/index.ts';
import { createStandings, newStanding, readStandings, type Standing, saveStandings } from '#modules/standing/index.ts';
import { virtualClock } from '#platform/clock.ts';
import { all, type Database, inTransaction, openDatabase, statement } from '#platform/db.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#test/database.ts';
import { countSegment, holds, listSegment, type MemberFacts, type SegmentRule, validateRule } from './index.ts';
import { previewSegment } from './service/preview.ts';

// Early in the morning of 1 March in Moscow, still 28 February in Kaliningrad and London.
const now = Temporal.Instant.from('2026-02-28T21:30:00Z');
const moment = { now, zone: 'Europe/Moscow' };
const membersCount = 240;
const random = seededRandom(11);
const newId = idMaker(virtualClock(now), random);

let test: TestDatabase;
let db: Database;
const people: MemberFacts[] = [];

const shops = Array.from({ length: 3 }, () => newId());
const draw = (below: number): number => {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) % below;
};
const pick = <Value>(values: readonly Value[]): Value => {
  const value = values[draw(values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};

const insertMember = statement<never>(
  'test.insert_member',
  `insert into members.member (member_id, status, joined_at, joined_shop_id, birthday, gender, zone, fields, origin, registered_by, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, 'live', 'test', $3, $3)`,
);
const insertConsent = statement<never>(
  'test.insert_consent',
  `insert into members.consent (member_id, consent_id, channel, purpose, given, at, source, text_shown, proof, recorded_at, recorded_by)
   values ($1, $2, $3, $4, $5, $6, 'test', $7, $8, $6, 'test')`,
);

/** Instants near midnight of some day back, where days of zones part. */
function instantBack(days: number): Temporal.Instant {
  return now.subtract({ hours: draw(days) * 24 + draw(3), minutes: draw(60) });
}

function randomMember(): {
  readonly standing: Standing;
  readonly member: readonly unknown[];
  readonly facts: MemberFacts;
} {
  const memberId = newId();
  const joinedAt = instantBack(40);
  const receiptsCount = draw(6);
  const standing: Standing = {
    ...newStanding({ memberId, joinedAt, tierCode: pick([null, 'silver', 'gold']) }),
    available: points(draw(120)),
    receiptsCount,
    paidTotal: money(receiptsCount * draw(100_000)),
    firstPurchaseAt: receiptsCount > 0 ? instantBack(40) : null,
    lastPurchaseAt: receiptsCount > 0 ? instantBack(20) : null,
    lastShopId: receiptsCount > 0 ? pick(shops) : null,
  };
  const born = pick([
    '1996-02-29',
    '2000-02-29',
    '1990-03-01',
    '1990-02-28',
    '1985-12-31',
    '1985-01-01',
    '2001-06-15',
    null,
  ]);
  const person: MemberFacts['person'] = {
    joinedAt,
    joinedShopId: pick([null, ...shops]),
    birthday: born === null ? null : Temporal.PlainDate.from(born),
    gender: pick([null, 'female', 'male']),
    zone: pick([null, 'Europe/Kaliningrad', 'Asia/Vladivostok', 'Europe/London']),
    fields: pick([{}, { size: 42 }, { size: '42' }, { colour: ['red', 'blue'] }, { colour: ['green'], vip: true }]),
  };
  const member = [
    memberId,
    pick(['active', 'active', 'blocked']),
    joinedAt,
    person.joinedShopId,
    born,
    person.gender,
    person.zone,
    person.fields,
  ];
  return { standing, member, facts: { person, standing } };
}

beforeAll(async () => {
  test = await createTestDatabase();
  db = openDatabase({ url: test.url, poolSize: 4 });
  await inTransaction(db, async (tx) => {
    const drawn = Array.from({ length: membersCount }, randomMember);
    await all(drawn.map(({ member }) => tx.run(insertMember, member)));
    await createStandings(
      tx,
      drawn.map(({ standing }) => ({ memberId: standing.memberId, joinedAt: now, tierCode: null })),
    );
    await saveStandings(
      tx,
      drawn.map(({ standing }) => standing),
    );
    for (const { standing } of drawn) {
      for (let word = draw(5); word > 0; word -= 1) {
        const [text, proof] = pick([
          ['agreed', { kind: 'code' }],
          ['agreed', { kind: 'code' }],
          [null, null],
        ] as const);
        // Few instants, so that a yes and a no meet at the same one.
        const at = now.subtract({ hours: draw(3) });
        await tx.run(insertConsent, [
          standing.memberId,
          newId(),
          pick(['any', 'sms', 'email']),
          pick(['advertising', 'service']),
          draw(2) === 0,
          at,
          text,
          proof,
        ]);
      }
    }
    people.push(...drawn.map(({ facts }) => facts));
    return null;
  });
  const stored = await readStandings(
    db,
    people.map(({ standing }) => standing.memberId),
  );
  for (const [index, { person, standing }] of people.entries()) {
    const consents = currentConsents(await listConsents(db, standing.memberId));
    people[index] = { person, standing: stored.get(standing.memberId) ?? standing, consents };
  }
});
afterAll(async () => {
  await db.close();
  await test.drop();
});

function ruleOf(json: unknown): SegmentRule {
  const reading = validateRule(json, 'audience');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.rule;
}

const bySql = async (rule: SegmentRule) => (await listSegment(db, rule, moment, { after: null, limit: 500 })).memberIds;
const purely = (rule: SegmentRule) =>
  people
    .filter((facts) => holds(rule, facts, moment))
    .map(({ standing }) => standing.memberId)
    .sort();

const range = (top: number) =>
  fc.tuple(fc.nat(top), fc.nat(top), fc.constantFrom('both', 'least', 'most')).map(([a, b, ends]) => {
    if (ends === 'least') return { at_least: a };
    return ends === 'most' ? { at_most: a } : { at_least: Math.min(a, b), at_most: Math.max(a, b) };
  });
const ranged = (field: string, top: number) => range(top).map((args) => ({ field, ...args }));
const some = <Value>(values: readonly Value[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });

const question = fc.oneof(
  ranged('purchases_count', 6),
  ranged('paid_total', 400_000),
  ranged('average_receipt', 100_000),
  ranged('days_since_last_purchase', 22),
  ranged('days_since_first_purchase', 42),
  ranged('days_in_program', 42),
  ranged('balance', 120),
  ranged('age', 45),
  some(shops).map((ids) => ({ field: 'last_shop', shop_ids: ids })),
  some(shops).map((ids) => ({ field: 'joined_shop', shop_ids: ids })),
  some(['silver', 'gold', 'none']).map((tiers) => ({ field: 'tier', tiers })),
  fc.constantFrom('female', 'male', 'unknown').map((is) => ({ field: 'gender', is })),
  fc
    .tuple(fc.nat(70), fc.nat(70))
    .map(([before, after]) => ({ field: 'birthday', days_before: before, days_after: after })),
  fc
    .tuple(
      fc.constantFrom('size', 'colour', 'vip', 'absent'),
      some<string | number | boolean>([42, '42', 'red', 'green', true]),
    )
    .map(([code, is]) => ({ field: 'custom_field', code, is })),
  fc
    .tuple(fc.constantFrom('any', 'sms', 'email', 'telegram'), fc.constantFrom('advertising', 'service'))
    .map(([channel, purpose]) => ({ field: 'consent', channel, purpose })),
);

const tree = fc.letrec<{ rule: unknown }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    question,
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((rules) => ({ all: rules })),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((rules) => ({ any: rules })),
    tie('rule').map((rule) => ({ not: rule })),
  ),
})).rule;

describe('R16: a segment in SQL and the same segment asked of each member are the same people', () => {
  it('for every single question', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (json) => {
        const rule = ruleOf(json);
        expect(await bySql(rule)).toEqual(purely(rule));
      }),
      { numRuns: 150 },
    );
  });

  it('for trees of questions', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (json) => {
        const reading = validateRule(json, 'audience');
        fc.pre(reading.ok);
        const expected = purely(reading.rule);
        expect(await bySql(reading.rule)).toEqual(expected);
        expect(await countSegment(db, reading.rule, moment)).toBe(BigInt(expected.length));
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    { field: 'days_since_last_purchase', at_most: 8 },
    { field: 'age', at_least: 36 },
    { field: 'birthday', days_before: 0, days_after: 1 },
    { field: 'consent', channel: 'sms', purpose: 'advertising' },
    { field: 'custom_field', code: 'colour', is: ['red'] },
  ])('the generated members tell: %j holds for some and not for others', (json) => {
    const share = purely(ruleOf(json)).length;
    expect(share).toBeGreaterThan(5);
    expect(share).toBeLessThan(membersCount - 5);
  });
});

it('R3: on 28 February of a common year, whoever was born on the 29th has the birthday', () => {
  const rule = ruleOf({ field: 'birthday' });
  const born = (birthday: string, zone: string): boolean => {
    const [any] = people;
    if (!any) throw new Error('nobody');
    const person = { ...any.person, birthday: Temporal.PlainDate.from(birthday), zone };
    return holds(rule, { ...any, person }, moment);
  };
  expect(born('1996-02-29', 'Europe/London')).toBe(true);
  expect(born('1996-02-29', 'Europe/Moscow')).toBe(false);
  expect(born('1996-03-01', 'Europe/Moscow')).toBe(true);
});

it('pages of a segment hold everybody once', async () => {
  const rule = ruleOf({ field: 'balance', at_least: 0 });
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listSegment>> = await listSegment(db, rule, moment, { after, limit: 37 });
    seen.push(...page.memberIds);
    after = page.next;
  } while (after !== null);
  expect(seen).toEqual(purely(rule));
});

it('a preview counts and shows some; a wrong rule is refused with the place', async () => {
  const deps = { db, zone: moment.zone };
  const good = await previewSegment(deps, { rule: { field: 'balance', at_least: 0 }, sample: 3, now });
  expect(good).toMatchObject({ ok: true, value: { count: BigInt(membersCount) } });
  expect(good.ok && good.value.memberIds.length).toBe(3);
  const bad = await previewSegment(deps, { rule: { all: [{ field: 'balanse' }] }, sample: 3, now });
  expect(bad).toMatchObject({ ok: false, refusal: { code: 'segment_invalid', field: '/rule/all/0/field' } });
});
