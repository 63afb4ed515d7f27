import type { Temporal } from 'temporal-polyfill';
import type { Tx } from '#platform/db.ts';
import { claimWelcome } from '../store/welcome.ts';

export const welcomeGift = 'welcome';

/**
 * R30: a welcome gift (or a referral's, by another name) once per phone, also after its owner was erased. Claims the phone's mark in the
 * transaction of the grant; true for the first.
 */
export function welcomeOnce(
  tx: Tx,
  phoneHash: Uint8Array,
  claim: { readonly gift: string; readonly now: Temporal.Instant },
): Promise<boolean> {
  return claimWelcome(tx, { hash: phoneHash, gift: claim.gift }, claim.now);
}
