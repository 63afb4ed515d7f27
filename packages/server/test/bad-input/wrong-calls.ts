// Calls that are well formed and refused by name.
import { nobody } from './world.ts';

export const lineOf = (more: object = {}) => ({ sku: 'CREAM', quantity: 1000, sum: 100, ...more });
export const saleOf = (more: object = {}) => ({ id: 'X-1', shop: 'main', lines: [lineOf()], ...more });

/** Where a POS names a member, and how each of these routes spells its body. */
export const membersAtTheTill: readonly (readonly [string, string, (member: unknown) => unknown])[] = [
  ['POST', '/v1/checkout/quote', (member) => ({ shop: 'main', lines: [lineOf()], member })],
  ['POST', '/v1/checkout/hold', (member) => saleOf({ member })],
  ['POST', '/v1/checkout/confirm', (member) => saleOf({ member })],
  [
    'POST',
    '/v1/checkout/exchange',
    (member) => ({ return: { id: 'X-R', shop: 'main', receipt: { id: 'S-RETURN' } }, sale: saleOf({ member }) }),
  ],
  ['POST', '/v1/checkout/claim', (member) => ({ member, receipt: { shop: 'main', id: 'S-CLAIM' } })],
  ['POST', '/v1/catalog/calculate', (member) => ({ shop: 'main', member, products: [{ sku: 'CREAM' }] })],
];

export const badMembers: readonly (readonly [unknown, number, string])[] = [
  [{ phone: '+7' }, 400, 'identity_invalid'],
  [{ phone: '12345' }, 400, 'identity_invalid'],
  [{ phone: '+7916123456789012345' }, 400, 'identity_invalid'],
  [{ phone: 'позвоните мне' }, 400, 'identity_invalid'],
  [{ phone: '😀' }, 400, 'identity_invalid'],
  [{ phone: '+7 (000) 000-00-00' }, 400, 'identity_invalid'],
  [{ email: 'anna' }, 400, 'identity_invalid'],
  [{ card: '2000000000018' }, 400, 'identity_invalid'],
  [{ identity: { kind: 'fax', value: '1' } }, 400, 'identity_invalid'],
  [{ phone: '+79169999999' }, 404, 'member_unknown'],
  [{ member_id: nobody }, 404, 'member_unknown'],
  [{ identity: { kind: 'external:1c', value: '7' } }, 404, 'member_unknown'],
];

export const refused: readonly (readonly [string, string, unknown, number, string])[] = [
  ['POST', '/v1/members', { identities: [], virtual_card: false }, 422, 'identity_missing'],
  ['POST', '/v1/members', { identities: [{ kind: 'phone', value: '12' }] }, 422, 'phone_too_short'],
  ['POST', '/v1/members', { identities: [{ kind: 'phone', value: 'нет' }] }, 422, 'phone_not_a_number'],
  ['POST', '/v1/members', { identities: [{ kind: 'phone', value: '+7916123456789012' }] }, 422, 'phone_too_long'],
  ['POST', '/v1/members', { identities: [{ kind: 'phone', value: '8 800 555-35-35' }] }, 422, 'phone_not_personal'],
  ['POST', '/v1/members', { identities: [{ kind: 'phone', value: '+70000000000' }] }, 422, 'phone_impossible'],
  ['POST', '/v1/members', { identities: [{ kind: 'email', value: 'a@b@c' }] }, 422, 'email_invalid'],
  ['POST', '/v1/members', { identities: [{ kind: 'card', value: '2000000000018' }] }, 422, 'card_check_digit'],
  ['POST', '/v1/members', { identities: [{ kind: 'telegram', value: 'anna' }] }, 422, 'account_id_invalid'],
  ['POST', '/v1/members', { identities: [{ kind: 'phone', value: '+79160000001' }] }, 409, 'identity_taken'],
  [
    'POST',
    '/v1/members',
    { identities: [{ kind: 'phone', value: '+79163334455' }], zone: 'Moon/Crater' },
    422,
    'zone_unknown',
  ],
  [
    'POST',
    '/v1/members',
    { identities: [{ kind: 'phone', value: '+79163334455' }], birthday: '2099-01-01' },
    422,
    'birthday_impossible',
  ],
  [
    'POST',
    '/v1/members',
    { identities: [{ kind: 'phone', value: '+79163334455' }], birthday: '2023-02-29' },
    400,
    'bad_request',
  ],
  [
    'POST',
    '/v1/members',
    { identities: [{ kind: 'phone', value: '+79163334455' }], fields: { nope: 1 } },
    422,
    'field_unknown',
  ],
  [
    'POST',
    '/v1/members',
    { identities: [{ kind: 'phone', value: '+79163334455' }], joined_at: '2099-01-01T00:00:00Z' },
    422,
    'joined_in_future',
  ],
  [
    'POST',
    '/v1/members',
    { identities: [{ kind: 'phone', value: '+79163334455' }], joined_at: '0000-01-01T00:00:00Z' },
    400,
    'bad_request',
  ],
  ['POST', '/v1/checkout/confirm', saleOf({ shop: 'nowhere' }), 404, 'shop_unknown'],
  ['POST', '/v1/checkout/confirm', saleOf({ lines: undefined }), 400, 'lines_required'],
  [
    'POST',
    '/v1/checkout/confirm',
    saleOf({ lines: [lineOf({ line_id: 'a' }), lineOf({ line_id: 'a' })] }),
    400,
    'line_id_repeated',
  ],
  ['POST', '/v1/checkout/confirm', saleOf({ lines: [lineOf({ till_discount: 101 })] }), 400, 'discount_exceeds_sum'],
  ['POST', '/v1/checkout/hold', saleOf({ at: '2099-01-01T00:00:00Z' }), 422, 'time_in_future'],
  ['POST', '/v1/checkout/cancel', { id: 'nobody', shop: 'main' }, 404, 'receipt_unknown'],
  ['POST', '/v1/checkout/cancel', { id: 'S-RETURN', shop: 'main' }, 409, 'already_confirmed'],
  ['POST', '/v1/checkout/return', { id: 'X-R', shop: 'main', receipt: { id: 'nobody' } }, 404, 'receipt_unknown'],
  [
    'POST',
    '/v1/checkout/return',
    { id: 'X-R', shop: 'main', receipt: { id: 'S-RETURN', shop: 'nowhere' } },
    404,
    'shop_unknown',
  ],
  [
    'POST',
    '/v1/checkout/return',
    { id: 'X-R', shop: 'main', receipt: { id: 'S-RETURN' }, lines: [{ line_id: '9', quantity: 1000 }] },
    422,
    'line_unknown',
  ],
  [
    'POST',
    '/v1/checkout/return',
    { id: 'X-R', shop: 'main', receipt: { id: 'S-RETURN' }, lines: [{ line_id: '1', quantity: 2001 }] },
    422,
    'returns_more_than_sold',
  ],
  [
    'POST',
    '/v1/checkout/return',
    { id: 'X-R', shop: 'main', receipt: { id: 'S-RETURN' }, sum: 99_999_999 },
    422,
    'returns_more_than_sold',
  ],
  ['POST', '/v1/checkout/return', { id: 'X-R', shop: 'main', receipt: { id: 'H-EDIT' } }, 409, 'not_confirmed'],
  ['POST', '/v1/checkout/claim', { member: { phone: '+79160000001' } }, 400, 'reference_required'],
  [
    'POST',
    '/v1/checkout/claim',
    { member: { phone: '+79160000001' }, receipt: { shop: 'main', id: 'nobody' } },
    404,
    'receipt_unknown',
  ],
  ['POST', '/v1/checkout/review', { shop: 'main', id: 'S-RETURN', decision: 'accept' }, 409, 'not_waiting'],
  ['POST', '/v1/promo-codes', { code: '-- --', promotion: 'summer' }, 422, 'promo_code_unreadable'],
  ['POST', '/v1/promo-codes', { code: 'лето', promotion: 'summer' }, 409, 'promo_code_taken'],
  ['POST', '/v1/promo-codes', { code: 'ABC-123', promotion: 'summer', member_id: nobody }, 404, 'member_not_found'],
  [
    'POST',
    '/v1/promo-codes/pools',
    {
      name: 'x',
      promotion: 'summer',
      count: 1,
      valid_from: '2026-05-01T00:00:00Z',
      valid_until: '2026-04-01T00:00:00Z',
    },
    422,
    'term_reversed',
  ],
  ['POST', '/v1/program/rollback', { to: 2_147_483_647 }, 404, 'version_not_found'],
  ['PUT', '/v1/products/NEW', {}, 422, 'name_missing'],
  ['PUT', '/v1/products/NEW', { name: 'x', category_code: 'nowhere' }, 422, 'unknown_category'],
  ['PUT', '/v1/products/NEW', { name: 'x', codes: [{ kind: 'gtin', value: '123' }] }, 422, 'bad_gtin'],
  ['PUT', '/v1/categories/care', { parent_code: 'care' }, 422, 'category_circle'],
  ['PUT', '/v1/shops/new', { name: 'x', channel: 'pos', zone: 'Moon/Crater' }, 422, 'unknown_zone'],
  ['PUT', '/v1/shops/new', { name: 'x', channel: 'pos', zone: '+03:00' }, 422, 'unknown_zone'],
  ['PUT', '/v1/shops/main', { inn: '7707083890' }, 422, 'bad_inn'],
  [
    'PUT',
    '/v1/feeds/new',
    { name: 'x', kind: 'yml', source: { kind: 'file', path: 'x.yml' }, schedule: 'every day' },
    422,
    'bad_schedule',
  ],
  ['POST', '/v1/imports', { kind: 'shops', mapping: { nope: 1 } }, 422, 'mapping_invalid'],
  ['POST', '/v1/segments/preview', { rule: { field: 'nope' } }, 422, 'segment_invalid'],
  ['POST', '/v1/playbooks/nothing/install', { replace: true }, 404, 'playbook_not_found'],
];

const most = Number.MAX_SAFE_INTEGER;
const huge = saleOf({
  lines: Array.from({ length: 1000 }, () => lineOf({ sum: most, quantity: 1_000_000_000 })),
  redeem: most,
});
const anna = { phone: '+79160000001' };
/** Route, path, body: the largest numbers of the wire. */
export const largest: readonly (readonly [string, string, unknown])[] = [
  ['POST /v1/checkout/quote', '/v1/checkout/quote', { ...huge, id: undefined, member: anna }],
  ['POST /v1/checkout/hold', '/v1/checkout/hold', { ...huge, id: 'HUGE-1', member: anna }],
  ['POST /v1/checkout/confirm', '/v1/checkout/confirm', { ...huge, id: 'HUGE-2', member: anna }],
  [
    'POST /v1/checkout/confirm',
    '/v1/checkout/confirm',
    saleOf({ id: 'HUGE-3', member: anna, lines: [lineOf({ sum: most })] }),
  ],
  [
    'POST /v1/checkout/confirm',
    '/v1/checkout/confirm',
    saleOf({ id: 'HUGE-4', member: anna, paid: true, printed: { redeemed_points: most, discount: most } }),
  ],
  [
    'POST /v1/checkout/return',
    '/v1/checkout/return',
    { id: 'HUGE-R', shop: 'main', receipt: { id: 'S-RETURN' }, sum: most },
  ],
  [
    'POST /v1/checkout/return',
    '/v1/checkout/return',
    { id: 'HUGE-S', shop: 'main', receipt: { id: 'S-RETURN' }, money_returned: most },
  ],
  [
    'POST /v1/catalog/calculate',
    '/v1/catalog/calculate',
    { shop: 'main', member: anna, products: [{ sku: 'CREAM', price: most }] },
  ],
  [
    'POST /v1/checkout/day-check',
    '/v1/checkout/day-check',
    { shop: 'main', date: '9999-12-31', sales: { count: most, sum: most }, returns: { count: most, sum: most } },
  ],
  ['PUT /v1/products/:sku', '/v1/products/HUGE', { name: 'x', price: most, regular_price: most, floor_price: most }],
  [
    'POST /v1/program/draft/validate',
    '/v1/program/draft/validate',
    {
      document: { format: 1, name: 'x', tiers: { list: [{ code: 'a', rank: most, earn_rate: '9'.repeat(400) }] } },
    },
  ],
];
