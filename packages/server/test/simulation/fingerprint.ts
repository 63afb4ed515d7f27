import type { House } from '../house.ts';

const tables = [
  'ledger.lot',
  'ledger.entry',
  'ledger.hold',
  'ledger.debt',
  'standing.standing',
  'checkout.receipt',
  'checkout.receipt_line',
  'checkout.receipt_key',
  'checkout.return',
  'promotions.use',
  'promotions.member_use',
];

/** Everything that a sale may write, as one short text: a quote leaves it as it was (R18). */
export async function fingerprint(house: House): Promise<string> {
  const sums = tables.map(
    (table) => `(select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from ${table} t)`,
  );
  const { rows } = await house.foundation.db.pool.query(`select concat_ws(' ', ${sums.join(', ')}) as text`);
  return String(rows[0]?.text);
}
