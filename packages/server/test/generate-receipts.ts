// Receipts of a shop out of a seed, as a file: lines of some members and of nobody, returns, not in the order of time.

import type { MappingInput } from '#modules/imports/index.ts';
import { seededRandom } from '#platform/random.ts';

export const generatedMapping: MappingInput = {
  kind: 'receipts',
  zone: 'Europe/Moscow',
  external_system: 'old',
  unknown_member: 'create',
  fields: {
    receipt_id: 'receipt',
    at: 'at',
    shop: { constant: 'site' },
    external_id: 'member',
    sku: 'sku',
    quantity: 'quantity',
    price: 'price',
  },
};

export interface GeneratedReceipts {
  readonly file: string;
  readonly receipts: number;
  readonly returns: number;
  readonly members: number;
  /** Minor units of all sales. */
  readonly sum: number;
}

export function generateReceipts(count: number, seed: number): GeneratedReceipts {
  const random = seededRandom(seed);
  const below = (limit: number) => {
    const [a = 0, b = 0, c = 0] = random.bytes(3);
    return (a * 65_536 + b * 256 + c) % limit;
  };
  const rows = ['receipt,at,member,sku,quantity,price'];
  const members = new Set<number>();
  let sum = 0;
  let returns = 0;
  for (let receipt = 1; receipt <= count; receipt += 1) {
    const member = below(12) === 0 ? null : below(Math.ceil(count / 5));
    if (member !== null) members.add(member);
    const isReturn = below(10) === 0;
    if (isReturn) returns += 1;
    const day = new Date(Date.UTC(2025, 0, 1 + below(300), 8 + below(10), below(60)));
    const at = day.toISOString().slice(0, 16).replace('T', ' ');
    for (let line = 0; line <= below(4); line += 1) {
      const quantity = 1 + below(3);
      const price = 100 + below(20_000);
      if (!isReturn) sum += quantity * price;
      const who = member === null ? '' : `M${member}`;
      rows.push(
        `${receipt},${at},${who},SKU-${below(50)},${isReturn ? -quantity : quantity},${(price / 100).toFixed(2)}`,
      );
    }
  }
  return { file: `${rows.join('\n')}\n`, receipts: count - returns, returns, members: members.size, sum };
}
