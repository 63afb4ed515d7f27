import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { figuresOf, joinMovements, noMovements, releaseHold } from '#modules/ledger/index.ts';
import { giveBackLimits } from '#modules/promotions/index.ts';
import { nextRevision, withFigures } from '#modules/standing/index.ts';
import { commitWith, inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { canonical } from '../domain/content.ts';
import type { Receipt } from '../domain/receipt.ts';
import { findKeys, type ReceiptKey, takeKey } from '../store/receipt-keys.ts';
import { loadParts } from '../store/receipt-parts.ts';
import { findExpiredHolds, replaceReceiptRow } from '../store/receipts.ts';
import type { CheckoutDeps } from './deps.ts';
import { digestOf } from './digest.ts';
import { ledgerContext } from './ledger-context.ts';
import { lockMemberState } from './load-member.ts';
import { loadRecord } from './load-record.ts';
import { balanceOf } from './new-receipt.ts';
import { findShop, type ReadRefusal } from './read-sale.ts';
import type { SaleRecord } from './sale-command.ts';
import { holdFact } from './sale-facts.ts';
import { saveMember } from './save-sale.ts';
import { settleState } from './settle-state.ts';
import { shopOfReceipt } from './shop-of-receipt.ts';

export interface CancelCommand {
  readonly id: string;
  readonly shopCode: string;
  readonly caller: Caller;
  readonly now: Instant;
}

export type CancelRefusal =
  | Extract<ReadRefusal, { code: 'shop_unknown' | 'shop_not_allowed' }>
  | { readonly code: 'receipt_unknown'; readonly field: '/id' }
  | { readonly code: 'already_confirmed' };

/** Gives up a held sale: points, code uses and limit slots come back (R18, R25, R26). A repeat answers the same. */
export async function cancelSale(
  deps: CheckoutDeps,
  command: CancelCommand,
): Promise<Outcome<SaleRecord, CancelRefusal>> {
  const shop = findShop(deps.catalog.snapshot(), command.shopCode, command.caller);
  if (!shop.ok) return shop;
  return inTransaction(deps.db, async (tx) => {
    const keys = await findKeys(tx, command.caller.integration, shop.value.shopId, command.id);
    if (keys.some((key) => key.kind === 'confirm')) return refused({ code: 'already_confirmed' });
    const held = keys.find((key) => key.kind === 'hold');
    if (!held) return refused({ code: 'receipt_unknown', field: '/id' });
    const key: ReceiptKey = {
      ...held,
      kind: 'cancel',
      digest: digestOf(canonical({ operation: 'cancel', id: command.id })),
    };
    const taken = await takeKey(tx, key);
    if (!taken) return done(await loadRecord(tx, held.memberId, held.objectId));
    return endHold(tx, deps, {
      memberId: held.memberId,
      receiptId: held.objectId,
      state: 'cancelled',
      now: command.now,
    });
  });
}

const expiredAtOnceMax = 1_000;

/** Holds whose time is over: the points are free by time alone (R7), here the sale's row and its limits follow. Answers how many ended. */
export async function expireHolds(deps: CheckoutDeps, now: Instant): Promise<number> {
  const due = await findExpiredHolds(deps.db, now, expiredAtOnceMax);
  for (const { memberId, receiptId } of due)
    await inTransaction(deps.db, (tx) => endHold(tx, deps, { memberId, receiptId, state: 'expired', now }));
  return due.length;
}

interface Ending {
  readonly memberId: string;
  readonly receiptId: string;
  readonly state: 'cancelled' | 'expired';
  readonly now: Instant;
}

async function endHold(tx: Tx, deps: CheckoutDeps, ending: Ending): Promise<Outcome<SaleRecord, CancelRefusal>> {
  const { memberId, receiptId, now } = ending;
  const before = await loadRecord(tx, memberId, receiptId);
  const program = deps.program.version(before.receipt.programVersion);
  const sale = { at: before.receipt.at, shop: shopOfReceipt(deps, before.receipt) };
  const loaded = before.receipt.hasMember
    ? await lockMemberState(tx, deps, memberId, { program, sale, now, account: true })
    : done(null);
  if (!loaded.ok) return refused({ code: 'receipt_unknown', field: '/id' });
  // Read again under the lock: a confirm may have come first.
  const current = await loadRecord(tx, memberId, receiptId);
  if (current.receipt.state === 'confirmed' || current.receipt.state === 'shipped')
    return refused({ code: 'already_confirmed' });
  if (current.receipt.state === 'cancelled' || (current.receipt.state === 'expired' && ending.state === 'expired'))
    return done(current);
  // Parts of it were sold: their uses stay taken, only what was not shipped is given up (R24).
  const inParts = current.receipt.isOrder && (await loadParts(tx, memberId, receiptId)).shipped.size > 0;
  if (current.receipt.state === 'held' && !inParts)
    await giveBackLimits(tx, { memberId, receiptId, at: now, countedBy: loaded.value?.memberId ?? memberId });
  const settled = loaded.value && settleState(loaded.value, program, { now, newId: deps.newId });
  const released =
    settled &&
    releaseHold(
      settled.state.account,
      receiptId,
      ledgerContext(program, {
        kind: 'hold',
        id: receiptId,
        at: now,
        now,
        zone: settled.state.zone,
        newId: deps.newId,
      }),
    );
  const state = settled &&
    released && {
      ...settled.state,
      account: released.state,
      standing: nextRevision(withFigures(settled.state.standing, figuresOf(released.state, now))),
    };
  const receipt: Receipt = {
    ...current.receipt,
    state: inParts ? 'shipped' : ending.state,
    holdExpiresAt: null,
    outcome: { ...current.receipt.outcome, balance: state && balanceOf(state) },
  };
  const facts = state
    ? [holdFact(ending.state === 'cancelled' ? 'sale_cancelled' : 'hold_expired', receipt, state, now)]
    : [];
  const writes = [replaceReceiptRow(tx, receipt)];
  if (state)
    writes.push(
      saveMember(tx, {
        state,
        movements: settled && released ? joinMovements(settled.movements, released.movements) : noMovements,
        tiers: program.document.tiers,
        tierChanges: settled?.tierChanges ?? [],
        facts,
        origin: receipt.origin,
        newId: deps.newId,
        causeId: receiptId,
        now,
      }),
    );
  return commitWith(done({ receipt, lines: current.lines }), writes);
}
