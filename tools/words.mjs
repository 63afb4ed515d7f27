// Words that the glossary (docs/glossary.md, column "not") keeps out of exported names and of names in the database.
// Not every word of that column is here: some are right elsewhere (an HTTP status, a PostgreSQL lock, an error).

/** @type {Record<string, string>} word → what we say */
export const bannedEverywhere = {
  customer: 'member',
  customers: 'members',
  user: 'member or staff',
  users: 'members or staff',
  coupon: 'promo code',
  coupons: 'promo codes',
  voucher: 'promo code or gift card',
  vouchers: 'promo codes or gift cards',
  accrue: 'earn',
  accrued: 'earned',
  accrual: 'earning',
  posting: 'entry',
  postings: 'entries',
  outlet: 'shop',
  outlets: 'shops',
  journey: 'campaign',
  journeys: 'campaigns',
  mailing: 'campaign',
  transaction: 'entry, receipt or order',
  transactions: 'entries, receipts or orders',
};

/** In the program text these have another, right meaning; a table or a column of that name would be ours.
 * @type {Record<string, string>} */
export const bannedInDatabase = {
  ...bannedEverywhere,
  client: 'member',
  clients: 'members',
  sale: 'receipt',
  sales: 'receipts',
  store: 'shop',
  stores: 'shops',
  notification: 'message',
  notifications: 'messages',
  bucket: 'lot',
  buckets: 'lots',
  spend: 'redeem',
};

/** Exported names that speak of the database's transaction, not of a purchase. */
export const excusedNames = new Set(['inTransaction', 'inReadOnlyTransaction', 'Transaction']);

/** SQL's own words. */
export const excusedInDatabase = new Set(['current_user', 'session_user']);
