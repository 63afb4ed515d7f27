// A till as a story uses it: short words for the calls of a POS. Every id is used once, so that stories of one file do not meet.
import type { Answer, House, Json } from '../house.ts';

export interface Line {
  readonly line_id?: string;
  readonly sku: string;
  readonly sum: number;
  readonly quantity: number;
  readonly till_discount?: number;
}

/** `sum` in rubles, pieces whole. */
export function item(sku: string, rubles: number, pieces = 1): Line {
  return { sku, sum: rubles * 100, quantity: pieces * 1000 };
}

export interface Till {
  newId(): string;
  phone(): string;
  member(more?: Json): Promise<string>;
  quote(memberId: string | null, lines: readonly Line[], more?: Json): Promise<Json>;
  hold(id: string, memberId: string | null, lines: readonly Line[], more?: Json): Promise<Json>;
  edit(id: string, memberId: string | null, lines: readonly Line[], more?: Json): Promise<Json>;
  /** Of a held sale. */
  confirm(id: string, more?: Json): Promise<Json>;
  tryConfirm(id: string, more?: Json): Promise<Answer>;
  cancel(id: string): Promise<Json>;
  /** In one call, paid. Answers the receipt with its id. */
  sell(memberId: string | null, lines: readonly Line[], more?: Json): Promise<Json>;
  giveBack(receiptId: string, more?: Json): Promise<Json>;
  grant(memberId: string, points: number, more?: Json): Promise<Json>;
  figures(memberId: string): Promise<Figures>;
  lots(memberId: string): Promise<Json[]>;
  entries(memberId: string): Promise<Json[]>;
}

export interface Figures {
  readonly available: number;
  readonly pending: number;
  readonly reserved: number;
  readonly debt: number;
}

export function tillOf(house: House, shop = 'main'): Till {
  let count = 0;
  const newId = () => `S-${(count += 1)}`;
  const phone = () => `+7916${String(1_000_000 + (count += 1))}`;
  const cart = (memberId: string | null, lines: readonly Line[], more: Json) => ({
    shop,
    ...(memberId === null ? {} : { member: { member_id: memberId } }),
    lines,
    ...more,
  });
  return {
    newId,
    phone,
    member: (more = {}) => house.member(phone(), more),
    quote: (memberId, lines, more = {}) => house.ok('POST', '/v1/checkout/quote', cart(memberId, lines, more)),
    hold: (id, memberId, lines, more = {}) =>
      house.ok('POST', '/v1/checkout/hold', { id, ...cart(memberId, lines, more) }),
    edit: (id, memberId, lines, more = {}) =>
      house.ok('PUT', '/v1/checkout/hold', { id, ...cart(memberId, lines, more) }),
    confirm: (id, more = {}) => house.ok('POST', '/v1/checkout/confirm', { id, shop, ...more }),
    tryConfirm: (id, more = {}) => house.call('POST', '/v1/checkout/confirm', { id, shop, ...more }),
    cancel: (id) => house.ok('POST', '/v1/checkout/cancel', { id, shop }),
    sell: (memberId, lines, more = {}) =>
      house.ok('POST', '/v1/checkout/confirm', { id: newId(), ...cart(memberId, lines, more) }),
    giveBack: (receiptId, more = {}) =>
      house.ok('POST', '/v1/checkout/return', { id: newId(), shop, receipt: { id: receiptId }, ...more }),
    grant: (memberId, points, more = {}) =>
      house.ok('POST', `/v1/members/${memberId}/points`, { kind: 'grant', points, reason: 'a story', ...more }),
    figures: async (memberId) => {
      const { available, pending, reserved, debt } = await house.balance(memberId);
      return { available, pending, reserved, debt };
    },
    lots: async (memberId) => (await house.ok('GET', `/v1/members/${memberId}/lots?state=all&limit=100`))['items'],
    entries: async (memberId) => (await house.ok('GET', `/v1/members/${memberId}/points?limit=100`))['items'],
  };
}

/** Figures as a story writes them: what is left out is nothing. */
export function figures(some: Partial<Figures>): Figures {
  return { available: 0, pending: 0, reserved: 0, debt: 0, ...some };
}
