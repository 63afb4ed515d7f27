import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { required } from '#kernel/assert.ts';
import { money } from '#kernel/money.ts';
import { done } from '#kernel/outcome.ts';
import { points } from '#kernel/points.ts';
import { all, type Tx } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import type { MemberPart, MergePair } from '#platform/member-parts.ts';
import { nextRevision } from '../domain/figures.ts';
import { mergeTotals, type StandingPair, type Totals, totalsOf, unmergeTotals } from '../domain/merge.ts';
import type { Standing } from '../domain/standing.ts';
import { lockStanding, lockStandings, readStandings, saveStanding, saveStandings } from '../store/standing-store.ts';

export function standingPart(): MemberPart {
  return {
    module: 'standing',
    tables: ['standing.standing'],
    exportData: async (db, memberIds) => ({
      standing: [...(await readStandings(db, memberIds)).values()].map(exported),
    }),
    // Sums stay for the reports (R34); when and where the person bought, and the day's figures, go.
    erase: async (tx, memberId) => {
      const standing = required(await lockStanding(tx, memberId), `standing of ${memberId}`);
      await saveStanding(tx, nextRevision({ ...standing, lastShopId: null, day: null, counters: {} }));
      return done(null);
    },
    merge: async (tx, pair) => {
      const both = await lockBoth(tx, pair);
      await saveBoth(tx, mergeTotals(both));
      return JSON.parse(toJson(totalsOf(both.absorbed))) as Record<string, unknown>;
    },
    unmerge: async (tx, pair, memento) => {
      await saveBoth(tx, unmergeTotals(await lockBoth(tx, pair), readTotals(memento)));
    },
  };
}

function exported(standing: Standing): Record<string, unknown> {
  const { revision: _revision, changesAt: _changesAt, ...told } = standing;
  return told;
}

async function lockBoth(tx: Tx, pair: MergePair): Promise<StandingPair> {
  const rows = await lockStandings(tx, [pair.survivorId, pair.absorbedId]);
  return {
    survivor: required(rows.get(pair.survivorId), 'standing of the survivor'),
    absorbed: required(rows.get(pair.absorbedId), 'standing of the absorbed'),
  };
}

async function saveBoth(tx: Tx, pair: StandingPair): Promise<void> {
  await all([saveStandings(tx, [nextRevision(pair.survivor), nextRevision(pair.absorbed)])]);
}

const instant = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : Temporal.Instant.from(text)));
const whole = z.int();

const totals = z.object({
  receiptsCount: whole,
  paidTotal: whole.transform(money),
  firstPurchaseAt: instant,
  lastPurchaseAt: instant,
  lastShopId: z.string().nullable(),
  day: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : Temporal.PlainDate.from(text))),
  dayEarned: whole.transform(points),
  dayRedeemed: whole.transform(points),
  counters: z.record(z.string(), z.number()),
});

function readTotals(memento: Record<string, unknown>): Totals {
  return totals.parse(memento);
}
