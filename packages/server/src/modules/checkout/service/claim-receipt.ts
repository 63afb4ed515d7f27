import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { resolveMember } from '#modules/members/index.ts';
import { commitWith, type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { type ClaimProblem, claimProblem } from '../domain/claim.ts';
import type { MemberKey } from '../domain/content.ts';
import type { FiscalRequisites } from '../domain/fiscal.ts';
import { findByPurchase, lockReceipt, markClaimed } from '../store/claims.ts';
import { findFiscalOwner, moveFiscal, type ReceiptReference } from '../store/fiscal-keys.ts';
import { findKeys } from '../store/receipt-keys.ts';
import { decideClaim } from './decide-claim.ts';
import type { CheckoutDeps } from './deps.ts';
import { findMember, lockMemberState, type MemberRefusal } from './load-member.ts';
import { loadRecord } from './load-record.ts';
import { findShop, type IdentityRefusal, readMemberKey, type ShopRefusal } from './read-sale.ts';
import type { SaleRecord } from './sale-command.ts';
import { saveSale } from './save-sale.ts';
import { shopOfReceipt } from './shop-of-receipt.ts';

export interface ClaimCommand {
  readonly member: MemberKey;
  readonly by: ClaimedBy;
  readonly caller: Caller;
  readonly now: Instant;
}

/** How a receipt is named: by the POS's own id, by what stands in its QR, or by shop, minute and sum where a POS sent no requisites (R23). */
export type ClaimedBy =
  | { readonly kind: 'id'; readonly shopCode: string; readonly id: string }
  | { readonly kind: 'fiscal'; readonly fiscal: Pick<FiscalRequisites, 'drive' | 'document' | 'sign'> }
  | { readonly kind: 'purchase'; readonly shopCode: string; readonly at: Instant; readonly sum: bigint };

export type ClaimRefusal =
  | ShopRefusal
  | IdentityRefusal
  | MemberRefusal
  | { readonly code: 'receipt_unknown' | 'receipt_ambiguous'; readonly field: string }
  | { readonly code: ClaimProblem | 'already_claimed' };

/**
 * Gives a receipt without a member to a member (R23). The original stays as it was answered (R20) and is marked; its copy under the member is what
 * is returned later. Of two members who claim at once the first one's lock on the original wins.
 */
export async function claimReceipt(
  deps: CheckoutDeps,
  command: ClaimCommand,
): Promise<Outcome<SaleRecord, ClaimRefusal>> {
  const member = readMemberKey(deps, command.member);
  if (!member.ok) return member;
  return inTransaction(deps.db, async (tx): Promise<Outcome<SaleRecord, ClaimRefusal>> => {
    const found = await findClaimed(tx, deps, command);
    if (!found.ok) return found;
    const claimant = await findMember(tx, member.value);
    if (!claimant.ok) return claimant;
    if (claimant.value === null) return refused({ code: 'member_unknown', field: '/member' });
    return claimOf(tx, { deps, command, original: found.value, memberId: claimant.value.memberId });
  });
}

interface Claiming {
  readonly deps: CheckoutDeps;
  readonly command: ClaimCommand;
  readonly original: ReceiptReference;
  readonly memberId: string;
}

async function claimOf(tx: Tx, claiming: Claiming): Promise<Outcome<SaleRecord, ClaimRefusal>> {
  const { deps, command, original, memberId } = claiming;
  await lockReceipt(tx, original);
  const record = await loadRecord(tx, original.memberId, original.receiptId);
  const owner = record.receipt.claimedBy ?? (record.receipt.hasMember ? record.receipt.memberId : null);
  if (owner !== null) return answerAgain(tx, { owner, memberId, receiptId: original.receiptId });
  const shop = shopOfReceipt(deps, record.receipt);
  const problem = claimProblem(record, { now: command.now, zone: shop.zone });
  if (problem !== null) return refused({ code: problem });
  const program = deps.program.version(record.receipt.programVersion);
  const sale = { at: record.receipt.at, shop };
  const state = await lockMemberState(tx, deps, memberId, { program, sale, now: command.now, account: true });
  if (!state.ok) return state;
  const saved = await decideClaim(tx, { deps, record, shop, program, state: state.value, now: command.now });
  const copy = saved.record.receipt;
  const writes = [
    saveSale(tx, saved),
    markClaimed(tx, original, { memberId: copy.memberId, at: command.now }),
    moveFiscal(tx, original, copy),
  ];
  return commitWith(done(saved.record), writes);
}

/** The member who claimed it is answered the same, whatever the member was merged into since (R32). */
async function answerAgain(
  tx: Tx,
  claim: { owner: string; memberId: string; receiptId: string },
): Promise<Outcome<SaleRecord, ClaimRefusal>> {
  const living = (await resolveMember(tx, claim.owner))?.memberId ?? claim.owner;
  if (living !== claim.memberId) return refused({ code: 'already_claimed' });
  return done(await loadRecord(tx, claim.owner, claim.receiptId));
}

async function findClaimed(
  db: Db,
  deps: CheckoutDeps,
  { by, caller }: ClaimCommand,
): Promise<Outcome<ReceiptReference, ClaimRefusal>> {
  if (by.kind === 'fiscal') {
    // Those of a claimed receipt point to its copy, which says whose it is as well.
    const owner = await findFiscalOwner(db, by.fiscal);
    return owner === null ? refused({ code: 'receipt_unknown', field: '/fiscal' }) : done(owner);
  }
  const shop = findShop(deps.catalog.snapshot(), by.shopCode, caller);
  if (!shop.ok) return shop;
  if (by.kind === 'id') {
    const keys = await findKeys(db, caller.integration, shop.value.shopId, by.id);
    const key = keys.find((one) => one.kind === 'confirm');
    if (!key) return refused({ code: 'receipt_unknown', field: '/receipt' });
    return done({ memberId: key.memberId, receiptId: key.objectId });
  }
  const found = await findByPurchase(db, { shopId: shop.value.shopId, at: by.at, sum: by.sum });
  const receipts = new Map(found.map((one) => [one.receiptId, one]));
  // A claimed receipt is there twice: the original says who has it.
  for (const one of found) if (one.memberId === one.receiptId) receipts.set(one.receiptId, one);
  const [only] = receipts.values();
  if (only === undefined) return refused({ code: 'receipt_unknown', field: '/purchase' });
  return receipts.size > 1 ? refused({ code: 'receipt_ambiguous', field: '/purchase' }) : done(only);
}
