// What the rows say, added up again by hand: entries to lots, lots and debts to balances, receipts to totals, uses to limits.
import { expect } from 'vitest';
import type { House, Json } from '../house.ts';

async function rows(house: House, text: string): Promise<Json[]> {
  return (await house.foundation.db.pool.query(text)).rows as Json[];
}

function sum(values: readonly unknown[]): bigint {
  return values.reduce<bigint>((total, value) => total + (value as bigint), 0n);
}

/** Balances that time alone has changed are true before anyone writes them down; writing them down changes nothing (R7). */
export async function checkBalances(house: House, memberIds: readonly string[]): Promise<void> {
  const before = await figuresOf(house, memberIds);
  await house.runDue();
  expect(await figuresOf(house, memberIds)).toEqual(before);
  const lots = await rows(house, 'select * from ledger.lot');
  const entries = await rows(house, 'select * from ledger.entry');
  const holds = await rows(house, 'select * from ledger.hold');
  const debts = await rows(house, 'select * from ledger.debt');
  for (const lot of lots) {
    const own = entries.filter((entry) => entry['lot_id'] === lot['lot_id'] && entry['member_id'] === lot['member_id']);
    expect(['lot', lot['lot_id'], lot['remaining']]).toEqual([
      'lot',
      lot['lot_id'],
      sum(own.map((entry) => entry['change'])),
    ]);
  }
  const paid = new Map<string, bigint>();
  for (const entry of entries)
    if (entry['kind'] === 'pay_debt')
      paid.set(entry['cause_id'], (paid.get(entry['cause_id']) ?? 0n) - entry['change']);
  for (const memberId of memberIds) {
    const own = (all: readonly Json[]) => all.filter((row) => row['member_id'] === memberId);
    const free = (started: boolean) =>
      sum(
        own(lots)
          .filter((lot) => lot['started'] === started)
          .map((lot) => lot['remaining'] - lot['held']),
      );
    const reserved = own(holds).flatMap((hold) => hold['parts'] as { points: number }[]);
    expect(before.get(memberId)).toEqual({
      available: Number(free(true)),
      pending: Number(free(false)),
      reserved: reserved.reduce((total, part) => total + part.points, 0),
      debt: Number(sum(own(debts).map((debt) => debt['remaining']))),
    });
  }
  // A debt that moved with a merge and back is paid under one id in two rows: together they add up.
  for (const id of new Set(debts.map((debt) => debt['debt_id'])))
    expect(
      sum(
        debts
          .filter((debt) => debt['debt_id'] === id)
          .map((debt) => debt['amount'] - debt['remaining'] - debt['forgiven']),
      ),
    ).toBe(paid.get(id) ?? 0n);
}

async function figuresOf(house: House, memberIds: readonly string[]): Promise<Map<string, Json>> {
  const found = new Map<string, Json>();
  for (const memberId of memberIds) {
    const { available, pending, reserved, debt } = await house.balance(memberId);
    found.set(memberId, { available, pending, reserved, debt });
  }
  return found;
}

/** Counted receipts and money, from the receipts of everyone merged into a member (R32). */
export async function checkStandings(house: House, groups: Iterable<readonly string[]>): Promise<void> {
  const receipts = await rows(house, "select * from checkout.receipt where state = 'confirmed' and claimed_by is null");
  const standings = await rows(house, 'select s.* from standing.standing s');
  const merged = await rows(house, 'select member_id from members.member where merged_into is not null');
  const isAlias = new Set(merged.map((row) => row['member_id']));
  for (const group of groups) {
    const own = receipts.filter((receipt) => group.includes(receipt['member_id']) && receipt['has_member']);
    const counted = standings.filter((row) => group.includes(row['member_id']) && !isAlias.has(row['member_id']));
    expect({
      group,
      receipts: counted.reduce((count, row) => count + row['receipts_count'], 0),
      paid: sum(counted.map((row) => row['paid_total'])),
    }).toEqual({
      group,
      receipts: own.filter((receipt) => !receipt['returned_wholly']).length,
      paid: sum(own.map((receipt) => receipt['paid'] - receipt['returned_money'])),
    });
  }
}

/** Slots, codes and budgets: what is counted is what receipts have taken and not given back (R25, R26). */
export async function checkLimits(house: House): Promise<void> {
  const uses = await rows(house, "select * from promotions.use where state = 'taken'");
  const { items } = await house.ok('GET', '/v1/promotions/limits');
  for (const limit of items as Json[]) {
    const own = uses.filter((use) => use['promotion_code'] === limit['promotion'] && use['in_total']);
    const total = (what: string) => Number(sum(own.map((use) => use[what] - use[`${what}_returned`])));
    expect([limit['promotion'], limit['uses'].used, limit['money'].used, limit['points'].used]).toEqual([
      limit['promotion'],
      own.length,
      total('discount'),
      total('points'),
    ]);
    for (const part of [limit['uses'], limit['money'], limit['points']])
      if (part.max !== null) expect(part.used - part.forced).toBeLessThanOrEqual(part.max);
  }
  for (const code of await rows(house, 'select * from promotions.promo_code'))
    expect([code['code_key'], code['uses']]).toEqual([
      code['code_key'],
      uses.filter((use) => use['code_key'] === code['code_key']).length,
    ]);
}
