/** What a file may hold, and the fields of each kind. The manual's tables and `kopilka import --example` are made from this list. */
export const importKinds = ['members', 'lots', 'progress', 'codes', 'products', 'shops', 'receipts'] as const;
export type ImportKind = (typeof importKinds)[number];

export const importModes = ['history', 'replay'] as const;
export type ImportMode = (typeof importModes)[number];

export type FieldType =
  | 'text'
  | 'money'
  | 'price'
  | 'quantity'
  | 'points'
  | 'integer'
  | 'instant'
  | 'date'
  | 'end'
  | 'boolean';

export interface FieldSpec {
  readonly type: FieldType;
  readonly required?: true;
  readonly choices?: readonly string[];
  readonly about: string;
}

const identities = {
  phone: { type: 'text', about: 'telephone in any usual form' },
  email: { type: 'text', about: 'e-mail' },
  card: { type: 'text', about: 'card number' },
  telegram: { type: 'text', about: 'Telegram account number' },
  max: { type: 'text', about: 'MAX account number' },
  vk: { type: 'text', about: 'VK account number' },
  external_id: { type: 'text', about: 'id in another system; the mapping names the system in external_system' },
} as const satisfies Record<string, FieldSpec>;

/** In the order in which they are tried to find a member. */
export const identityFields = Object.keys(identities) as readonly (keyof typeof identities)[];

const fieldsOf = {
  members: {
    ...identities,
    first_name: { type: 'text', about: 'given name' },
    last_name: { type: 'text', about: 'surname' },
    patronymic: { type: 'text', about: 'patronymic' },
    birthday: { type: 'date', about: 'date of birth' },
    gender: { type: 'text', choices: ['female', 'male'], about: 'female or male' },
    zone: { type: 'text', about: "the member's own time zone" },
    language: { type: 'text', choices: ['ru', 'en'], about: 'ru or en' },
    joined_at: { type: 'instant', about: 'when the person joined; the time of the import when empty' },
    shop: { type: 'text', about: 'code of the shop of joining' },
    staff: { type: 'boolean', about: "an employee's own card" },
  },
  lots: {
    ...identities,
    points: { type: 'points', required: true, about: 'whole points that are left of the lot' },
    starts_at: { type: 'instant', about: 'when they may be spent; the time of the import when empty' },
    burns_at: { type: 'end', about: 'when they burn; a date without a time includes that whole day; empty: never' },
    inactivity_days: { type: 'integer', about: 'days without a purchase after which they burn, instead of burns_at' },
    note: { type: 'text', about: 'where they come from; kept as the rule of the lot' },
  },
  progress: {
    ...identities,
    tier: { type: 'text', about: 'code of the tier in the published program' },
    tier_since: { type: 'instant', about: 'when the tier was reached' },
    tier_review_at: { type: 'end', about: 'when the tier is reviewed; empty: never' },
    paid_total: { type: 'money', about: 'money paid so far' },
    receipts_count: { type: 'integer', about: 'receipts so far' },
    first_purchase_at: { type: 'instant', about: 'first purchase' },
    last_purchase_at: { type: 'instant', about: 'last purchase; the inactivity term counts from it' },
    last_shop: { type: 'text', about: 'code of the shop of the last purchase' },
    inactivity_days: {
      type: 'integer',
      about: "days of the program's inactivity term, to renew from last_purchase_at",
    },
  },
  codes: {
    ...identities,
    code: { type: 'text', required: true, about: 'the promo code' },
    promotion: { type: 'text', required: true, about: 'code of the promotion it switches on' },
    used: { type: 'boolean', about: 'no: it may still be used; yes when empty' },
    valid_until: { type: 'end', about: 'last day' },
  },
  products: {
    sku: { type: 'text', required: true, about: 'article' },
    name: { type: 'text', about: 'name; required for a new product' },
    category: { type: 'text', about: 'code of a known category' },
    brand: { type: 'text', about: 'brand' },
    price: { type: 'money', about: 'price' },
    regular_price: { type: 'money', about: 'price before a reduction' },
    floor_price: { type: 'money', about: 'the least price after all discounts' },
    barcode: { type: 'text', about: 'EAN or another barcode' },
    product_kind: { type: 'text', choices: ['goods', 'delivery', 'service'], about: 'goods, delivery or service' },
    legal_class: {
      type: 'text',
      choices: ['tobacco', 'nicotine', 'hookah', 'alcohol', 'prescription', 'gift_card'],
      about: 'restricted by law',
    },
    no_earning: { type: 'boolean', about: 'earns no points' },
    no_redeeming: { type: 'boolean', about: 'takes no points' },
  },
  shops: {
    code: { type: 'text', required: true, about: 'code of the shop' },
    name: { type: 'text', about: 'name; required for a new shop' },
    zone: { type: 'text', about: 'time zone such as Europe/Moscow; required for a new shop' },
    channel: { type: 'text', choices: ['pos', 'site', 'app', 'marketplace'], about: 'pos, site, app or marketplace' },
    legal_name: { type: 'text', about: 'legal entity' },
    inn: { type: 'text', about: 'INN' },
    kpp: { type: 'text', about: 'KPP' },
    address: { type: 'text', about: 'address' },
  },
  receipts: {
    ...identities,
    receipt_id: { type: 'text', required: true, about: "the receipt's own number; rows that share it are its lines" },
    at: { type: 'instant', required: true, about: 'when it was printed; the earliest of its rows counts' },
    shop: { type: 'text', required: true, about: 'code of the shop' },
    sku: { type: 'text', about: 'article' },
    barcode: { type: 'text', about: 'barcode' },
    quantity: { type: 'quantity', about: 'pieces, kilograms, litres; 1 when empty; negative is a return' },
    sum: { type: 'money', about: 'the whole line at shelf price; without it price × quantity' },
    price: { type: 'price', about: 'price of one' },
    till_discount: { type: 'money', about: "the till's own discount on the line" },
    line_kind: {
      type: 'text',
      choices: ['goods', 'delivery', 'service', 'gift_card'],
      about: 'kind of the line; goods when empty',
    },
    redeemed_points: { type: 'points', about: 'points the receipt was paid with; of its first row' },
    sale_id: { type: 'text', about: 'of a return: the receipt that comes back, when the file names it' },
  },
} as const satisfies Record<ImportKind, Record<string, FieldSpec>>;

export function specsOf(kind: ImportKind): Readonly<Record<string, FieldSpec>> {
  return fieldsOf[kind];
}

/** Kinds whose rows name a member that has to be there. */
export function namesMembers(kind: ImportKind): boolean {
  return kind === 'lots' || kind === 'progress' || kind === 'codes' || kind === 'receipts';
}
