import type * as contract from '@kopilka/contract/points';
import type { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { Entry, Lot } from '../domain/account.ts';
import type { Burn, Figures } from '../domain/figures.ts';
import { effectiveEnd } from '../domain/order.ts';
import type { BalanceView } from '../service/view.ts';

export function presentFigures({ available, pending, reserved, debt }: Figures): z.output<typeof contract.figures> {
  return { available, pending, reserved, debt };
}

export function presentBalance(
  { memberId, figures, burns, starts }: BalanceView,
  now: Instant,
): z.output<typeof contract.balance> {
  const { available, pending, reserved } = figures;
  return {
    member_id: memberId,
    ...presentFigures(figures),
    total: available + pending + reserved,
    at: now.toString(),
    changes_at: figures.changesAt?.toString() ?? null,
    burns: burns.map(presentMoment),
    starts: starts.map(presentMoment),
  };
}

function presentMoment({ at, points }: Burn): { at: string; points: bigint } {
  return { at: at.toString(), points };
}

export function presentEntry(entry: Entry): z.output<typeof contract.entry> {
  return {
    entry_id: entry.entryId,
    lot_id: entry.lotId,
    member_id: entry.memberId,
    kind: entry.kind,
    change: entry.change,
    cause: { kind: entry.causeKind, id: entry.causeId },
    at: entry.at.toString(),
    recorded_at: entry.recordedAt.toString(),
  };
}

export function presentLot(lot: Lot, deadline: Instant | null): z.output<typeof contract.lot> {
  return {
    lot_id: lot.lotId,
    member_id: lot.memberId,
    state: lot.remaining === 0n ? 'closed' : lot.started ? 'active' : 'pending',
    source: lot.source,
    rule: lot.rule,
    cause: { kind: lot.causeKind, id: lot.causeId },
    amount: lot.amount,
    remaining: lot.remaining,
    reserved: lot.held,
    starts_at: lot.startsAt.toString(),
    burns_at: effectiveEnd(lot, deadline)?.toString() ?? null,
    inactivity_days: lot.inactivityDays,
    restriction: lot.restriction as z.output<typeof contract.restriction> | null,
    funder: lot.funder,
    pays_debt: lot.paysDebt,
  };
}
