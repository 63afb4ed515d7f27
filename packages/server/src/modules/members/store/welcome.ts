import type { Instant } from '#kernel/time.ts';
import { all, statement, type Tx } from '#platform/db.ts';

const claim = statement<{ gift: string }>(
  'members.claim_welcome',
  'insert into members.welcome_key (hash, gift, claimed_at) values ($1, $2, $3) on conflict (hash, gift) do nothing returning gift',
);

/** True for the first who asks (R30). Two at once: the second waits for the first's commit. */
export async function claimWelcome(tx: Tx, key: { hash: Uint8Array; gift: string }, at: Instant): Promise<boolean> {
  const rows = await tx.run(claim, [key.hash, key.gift, at]);
  return rows.length === 1;
}

export function keepWelcomeKeys(
  tx: Tx,
  hashes: readonly Uint8Array[],
  mark: { gift: string; at: Instant },
): Promise<void> {
  return all(hashes.map((hash) => tx.run(claim, [hash, mark.gift, mark.at])));
}
