import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome } from '#kernel/outcome.ts';
import { inTransaction } from '#platform/db.ts';
import type { MembersDeps } from './deps.ts';
import { type RegisterCommand, type RegisterRefusal, registerMember } from './register.ts';
import { readShop, readWords, type ShopRefusal, type WordAtShop } from './shops.ts';
import { type MemberView, viewMember } from './view.ts';

export interface JoinCommand extends Omit<RegisterCommand, 'shopId' | 'consents'> {
  /** The shop's code. */
  readonly shop: string | undefined;
  readonly words: readonly WordAtShop[];
  readonly now: Temporal.Instant;
}

export type JoinRefusal = RegisterRefusal | ShopRefusal | { readonly code: 'member_not_found' };

/** A person joins by the API: registered, and answered as a screen shows them. */
export async function joinMember(
  deps: MembersDeps,
  command: JoinCommand,
): Promise<
  Outcome<{ readonly created: boolean; readonly view: MemberView }, Exclude<JoinRefusal, { code: 'member_not_found' }>>
> {
  const { shop: code, words, ...registration } = command;
  const shop = await readShop(deps, code);
  if (!shop.ok) return shop;
  const consents = await readWords(deps, words);
  if (!consents.ok) return consents;
  return inTransaction(deps.db, async (tx) => {
    const registered = await registerMember(tx, deps, {
      ...registration,
      shopId: shop.value,
      consents: consents.value,
    });
    if (!registered.ok) return registered;
    const view = await viewMember(tx, registered.value.memberId);
    if (!view.ok) throw new Error('a member that was registered and is not there');
    return done({ created: registered.value.created, view: view.value });
  });
}
