import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { ConsentWord } from '../domain/registration.ts';
import type { MembersDeps } from './deps.ts';

export interface ShopRefusal {
  readonly code: 'shop_unknown';
  readonly field: string;
}

/** From the code on the wire to the id in the database. */
export async function readShop(
  deps: Pick<MembersDeps, 'shopIdOf'>,
  code: string | undefined,
  field = '/shop',
): Promise<Outcome<string | null, ShopRefusal>> {
  if (code === undefined) return done(null);
  const shopId = await deps.shopIdOf(code);
  return shopId === null ? refused({ code: 'shop_unknown', field }) : done(shopId);
}

export type WordAtShop = Omit<ConsentWord, 'shopId'> & { readonly shop?: string | undefined };

export async function readWords(
  deps: Pick<MembersDeps, 'shopIdOf'>,
  words: readonly WordAtShop[],
): Promise<Outcome<ConsentWord[], ShopRefusal>> {
  const read: ConsentWord[] = [];
  for (const [index, { shop, ...word }] of words.entries()) {
    const found = await readShop(deps, shop, `/consents/${index}/shop`);
    if (!found.ok) return found;
    read.push({ ...word, shopId: found.value });
  }
  return done(read);
}
