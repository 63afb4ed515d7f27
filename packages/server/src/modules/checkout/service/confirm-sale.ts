import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { all, commitWith, inTransaction, type Tx } from '#platform/db.ts';
import { meaningOf } from '../domain/content.ts';
import { moveFiscal, type ReceiptReference, saveFiscal } from '../store/fiscal-keys.ts';
import { findKeys, type ReceiptKey, repointKey, takeKey } from '../store/receipt-keys.ts';
import { takenFiscal } from './add-fiscal.ts';
import { confirmHeld } from './confirm-held.ts';
import { decideSale } from './decide-sale.ts';
import type { CheckoutDeps } from './deps.ts';
import { digestOf } from './digest.ts';
import { type FoundMember, findMember, lockMemberState } from './load-member.ts';
import { type PreparedSale, prepareSale } from './prepare-sale.ts';
import { isPrepayment, prepaySale } from './prepay-sale.ts';
import { repeatOf, repeatOfParallel } from './repeat-sale.ts';
import { saveForReview } from './review.ts';
import type { ConfirmCommand, SaleRecord, SaleRefusal } from './sale-command.ts';
import { saveSale } from './save-sale.ts';
import { type Attempt, untilWithinLimits } from './within-limits.ts';

export type ConfirmRefusal =
  | SaleRefusal
  | { readonly code: 'lines_required'; readonly field: '/lines' }
  | { readonly code: 'line_unknown'; readonly field: string }
  | { readonly code: 'other_content'; readonly field: '/id' }
  | { readonly code: 'not_enough_points'; readonly field: '/redeem'; readonly details: { readonly possible: number } }
  | { readonly code: 'fiscal_taken'; readonly field: string }
  | { readonly code: 'already_cancelled' | 'already_confirmed' };

/**
 * A paid sale: of a held one, or in one call. Three round trips for a new sale: who and which keys; the lock with everything needed; all writes
 * with COMMIT. Answers the same to a repeat (R20).
 */
export async function confirmSale(
  deps: CheckoutDeps,
  command: ConfirmCommand,
): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  if (isPrepayment(command)) return prepaySale(deps, command);
  const prepared = prepareSale(deps, command);
  if (!prepared.ok) return prepared;
  return untilWithinLimits(deps, prepared.value.program, (attempt) =>
    inTransaction(deps.db, (tx) => confirmIn(tx, { deps, command, prepared: prepared.value, attempt })),
  );
}

export interface Confirming {
  readonly deps: CheckoutDeps;
  readonly command: ConfirmCommand;
  readonly prepared: PreparedSale;
  readonly attempt: Attempt;
}

async function confirmIn(tx: Tx, confirming: Confirming): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  const { command, prepared } = confirming;
  const { shop } = prepared.read;
  const keysRead = findKeys(tx, command.caller.integration, shop.shopId, command.partId ?? command.id);
  const memberRead = findMember(tx, prepared.read.member);
  const keys = await keysRead;
  const member = await memberRead;
  const digest = confirmDigest(command, prepared);
  const confirmed = keys.find((key) => key.kind === 'confirm');
  if (confirmed) return repeatOf(tx, confirmed, digest);
  const held = command.partId === null ? keys.find((key) => key.kind === 'hold') : await heldKeyOf(tx, confirming);
  if (held) return confirmHeld(tx, { ...confirming, held, digest });
  if (!member.ok) return member;
  if (prepared.read.lines === null) return refused({ code: 'lines_required', field: '/lines' });
  return confirmNew(tx, { ...confirming, member: member.value, digest });
}

function confirmDigest(command: ConfirmCommand, prepared: PreparedSale): Uint8Array {
  // Not `paid`: a receipt that went unanswered is sent again with the offline ones, and is the same receipt.
  return digestOf(meaningOf('confirm', prepared.read.content, { printed: command.printed }));
}

async function heldKeyOf(tx: Tx, { command, prepared }: Confirming): Promise<ReceiptKey | undefined> {
  const keys = await findKeys(tx, command.caller.integration, prepared.read.shop.shopId, command.id);
  return keys.find((key) => key.kind === 'hold');
}

async function confirmNew(
  tx: Tx,
  confirming: Confirming & { member: FoundMember | null; digest: Uint8Array },
): Promise<Outcome<SaleRecord, ConfirmRefusal>> {
  const { deps, command, prepared, member, digest } = confirming;
  const { shop } = prepared.read;
  const receiptId = deps.newId();
  const memberId = member?.memberId ?? receiptId;
  const key: ReceiptKey = {
    integration: command.caller.integration,
    shopId: shop.shopId,
    externalId: command.id,
    kind: 'confirm',
    memberId,
    objectId: receiptId,
    digest,
  };
  // The key first: of two requests with one id the second waits here.
  const taking = takeKey(tx, key);
  const fiscalTaken = ownFiscal(tx, { memberId, receiptId }, command);
  const loading =
    member === null
      ? Promise.resolve(done(null))
      : lockMemberState(tx, deps, memberId, {
          program: prepared.program,
          sale: prepared.read,
          now: command.now,
          account: spendsPoints(command) || prepared.arrival === 'late',
        });
  const taken = await taking;
  const state = await loading;
  if (!taken) return repeatOfParallel(tx, key);
  if (!state.ok) return state;
  const deciding = { ...confirming, command: { ...command, fiscal: [] } };
  const repeated = await fiscalTaken;
  if (state.value !== null && state.value.memberId !== memberId) await followMerge(tx, key, state.value.memberId);
  if (prepared.arrival === 'needs_review' || repeated) {
    const flags = repeated ? ['waits_for_review', 'fiscal_repeated'] : ['waits_for_review'];
    return saveForReview(tx, { ...deciding, receiptId, state: state.value, flags });
  }
  const decided = await decideSale(tx, {
    ...deciding,
    receiptId,
    state: state.value,
    cardActive: member?.cardActive ?? true,
  });
  if (!decided.ok) return decided;
  return commitWith(done(decided.value.record), [saveSale(tx, decided.value)]);
}

/** True: the same purchase came already, under another id (R23). Requisites are keys too: taken before the member. */
async function ownFiscal(
  tx: Tx,
  owner: ReceiptReference,
  { fiscal }: Pick<ConfirmCommand, 'fiscal'>,
): Promise<boolean> {
  if (fiscal.length === 0) return false;
  const saving = saveFiscal(tx, owner, fiscal);
  const taken = takenFiscal(tx, owner.receiptId, fiscal);
  await all([saving, taken]);
  return (await taken) !== null;
}

/** The member was merged away while we waited for the lock: the receipt is the survivor's, and so are its keys (R32). */
async function followMerge(tx: Tx, key: ReceiptKey, survivorId: string): Promise<void> {
  const from = { memberId: key.memberId, receiptId: key.objectId };
  await all([repointKey(tx, key, survivorId), moveFiscal(tx, from, { ...from, memberId: survivorId })]);
}

function spendsPoints(command: ConfirmCommand): boolean {
  return command.content.redeem !== 0n || (command.printed?.redeemedPoints ?? 0n) > 0n;
}
