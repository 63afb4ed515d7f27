// One good call of every route: what the tests of bad input spoil.
import type { House } from '../house.ts';

/** Everything of a call that a test may spoil. */
export interface GoodCall {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly file?: string;
}

/** By route name: "GET /v1/members/:memberId". */
export type Calls = Readonly<Record<string, GoodCall>>;
export type People = Readonly<Record<'anna' | 'boris' | 'vera' | 'gleb' | 'dina' | 'egor' | 'zoya', string>>;

export interface PeopleThings {
  readonly mergeId: string;
  readonly batchId: string;
  readonly cardId: string;
  readonly otherCardId: string;
  readonly telegramId: string;
}

export async function accessCalls(house: House): Promise<Calls> {
  const keys = await house.ok('GET', '/v1/api-keys');
  await house.key({ scopes: ['checkout'] });
  const [spare] = (await house.ok('GET', '/v1/api-keys'))['items'].filter(
    (key: { id: string }) => !keys['items'].some((known: { id: string }) => known.id === key.id),
  );
  return {
    'GET /v1/api-keys': { query: { limit: '5' } },
    'POST /v1/api-keys': {
      body: { name: 'Касса', integration: 'pos', scopes: ['checkout'], shop_ids: null, test: false },
    },
    'DELETE /v1/api-keys/:keyId': { params: { keyId: spare.id } },
    'GET /v1/audit-log': { query: { limit: '5', action: 'program.publish', from: '2026-01-01T00:00:00Z' } },
  };
}

export function membersCalls(people: People, things: PeopleThings): Calls {
  const anna = { params: { memberId: people.anna } };
  const consent = {
    channel: 'sms',
    purpose: 'advertising',
    given: true,
    at: '2026-03-01T10:00:00Z',
    source: 'till',
    shop: 'main',
    text_shown: 'Согласен получать рекламу',
    proof: { kind: 'paper', reference: 'папка 7' },
  };
  const fields = [
    {
      code: 'skin',
      type: 'choice',
      label: { ru: 'Кожа', en: 'Skin' },
      choices: [{ code: 'dry', label: { ru: 'Сухая', en: 'Dry' } }],
      personal: true,
    },
  ];
  return {
    'POST /v1/members': {
      body: {
        identities: [{ kind: 'phone', value: '8 916 111-22-33', confirmed: true, proof: { kind: 'sms_code' } }],
        first_name: 'Пётр',
        last_name: null,
        birthday: '1990-02-28',
        gender: 'male',
        zone: 'Asia/Omsk',
        language: 'ru',
        shop: 'main',
        consents: [consent],
        on_existing: 'return',
      },
    },
    'GET /v1/members/:memberId': anna,
    'GET /v1/members/by-identity': { query: { kind: 'phone', value: '+79160000001' } },
    'GET /v1/members': {
      query: { limit: '10', status: 'active', joined_from: '2026-01-01T00:00:00Z', staff: 'false' },
    },
    'PATCH /v1/members/:memberId': {
      ...anna,
      body: { first_name: 'Анна', birthday: '1990-05-05', fields: {}, staff: false },
    },
    'POST /v1/members/:memberId/block': { params: { memberId: people.vera }, body: { reason: 'проверка' } },
    'POST /v1/members/:memberId/unblock': { params: { memberId: people.vera } },
    'GET /v1/member-fields': {},
    'PUT /v1/member-fields': { body: { fields } },
    'POST /v1/members/:memberId/identities': {
      ...anna,
      body: { kind: 'email', value: 'anna@example.com', confirmed: true, proof: { kind: 'link' }, keep_others: true },
    },
    'DELETE /v1/members/:memberId/identities/:identityId': {
      params: { memberId: people.anna, identityId: things.telegramId },
    },
    'GET /v1/members/:memberId/consents': anna,
    'POST /v1/members/:memberId/consents': { ...anna, body: { consents: [consent] } },
    'POST /v1/members/:memberId/merge/preview': { ...anna, body: { absorbed_id: people.boris } },
    'POST /v1/members/:memberId/merge': { ...anna, body: { absorbed_id: people.boris, reason: 'один человек' } },
    'POST /v1/members/:memberId/unmerge': { params: { memberId: people.gleb }, body: { merge_id: things.mergeId } },
    'POST /v1/members/:memberId/export': anna,
    'POST /v1/members/:memberId/erase': { params: { memberId: people.zoya }, body: { confirm: true } },
    'POST /v1/cards/batches': { body: { count: 2, note: 'типография' } },
    'GET /v1/cards/batches/:batchId/cards': { params: { batchId: things.batchId }, query: { limit: '2' } },
    'POST /v1/members/:memberId/cards': { ...anna, body: { replaces: things.cardId } },
    'PATCH /v1/members/:memberId/cards/:identityId': {
      params: { memberId: people.boris, identityId: things.otherCardId },
      body: { state: 'lost' },
    },
    'POST /v1/segments/preview': { body: { rule: { field: 'balance', at_least: 30 }, sample: 3 } },
    'GET /v1/segments/fields': {},
    'GET /v1/members/:memberId/tier': anna,
    'PUT /v1/members/:memberId/tier/manual': { ...anna, body: { tier: 'gold', until: null, reason: 'подарок' } },
    'DELETE /v1/members/:memberId/tier/manual': anna,
    'POST /v1/members/:memberId/counters': { ...anna, body: { counter: 'reviews', add: 1 } },
    'POST /v1/members/:memberId/windows': {
      ...anna,
      body: { promotion: 'sorry', until: '2026-04-01T00:00:00Z', uses_max: 1, cause: 'извинение' },
    },
  };
}

export function catalogCalls(runId: string): Calls {
  const product = { name: 'Мыло', category_code: 'care', brand: null, price: 100, volume_ml: 250, tags: ['хит'] };
  return {
    'PUT /v1/products/:sku': {
      params: { sku: 'SOAP' },
      body: { ...product, codes: [{ kind: 'external:1c', value: '77' }], attributes: { цвет: 'белый' } },
    },
    'POST /v1/products/batch': { body: { items: [{ sku: 'B-1', ...product }] } },
    'GET /v1/products/:sku': { params: { sku: 'CREAM' } },
    'GET /v1/products': { query: { search: 'крем', limit: '5', archived: 'false', flag: 'no_earning' } },
    'POST /v1/products/flags': {
      body: { filter: { skus: ['CREAM'], brand: 'Ромашка' }, set: { add_tags: ['лето'] }, dry_run: false },
    },
    'DELETE /v1/products/:sku': { params: { sku: 'OLD' } },
    'GET /v1/categories': {},
    'PUT /v1/categories/:code': {
      params: { code: 'soap' },
      body: { name: 'Мыло', parent_code: 'care', legal_class: null },
    },
    'DELETE /v1/categories/:code': { params: { code: 'empty' } },
    'GET /v1/brands': { query: { limit: '5' } },
    'GET /v1/feeds': {},
    'GET /v1/feeds/:code': { params: { code: 'prices' } },
    'PUT /v1/feeds/:code': {
      params: { code: 'nightly' },
      body: {
        name: 'Ночью',
        kind: 'yml',
        source: { kind: 'url', url: 'https://example.com/feed.yml' },
        options: { archive_percent_max: 20 },
        schedule: '0 5 * * *',
        zone: 'Europe/Moscow',
      },
    },
    'POST /v1/feeds/:code/run': { params: { code: 'prices' } },
    'GET /v1/feeds/:code/runs': { params: { code: 'prices' } },
    'GET /v1/feeds/:code/runs/:run_id/problems': { params: { code: 'prices', run_id: runId } },
    'GET /v1/shops': { query: { limit: '1' } },
    'GET /v1/shops/:code': { params: { code: 'main' } },
    'PUT /v1/shops/:code': {
      params: { code: 'site' },
      body: { name: 'Сайт', zone: 'Europe/Moscow', channel: 'site', inn: '7707083893', kpp: '770701001', test: false },
    },
    'DELETE /v1/shops/:code': { params: { code: 'old' } },
  };
}

export function pointsCalls(memberId: string): Calls {
  const anna = { params: { memberId } };
  return {
    'GET /v1/members/:memberId/balance': anna,
    'GET /v1/members/:memberId/points': { ...anna, query: { limit: '5' } },
    'GET /v1/members/:memberId/lots': { ...anna, query: { state: 'all' } },
    'POST /v1/members/:memberId/points': {
      ...anna,
      body: {
        kind: 'grant',
        points: 10,
        reason: 'подарок',
        days: 30,
        restriction: { shops: ['main'] },
        funder: 'chain',
      },
    },
    'DELETE /v1/members/:memberId/debt': { ...anna, body: { reason: 'прощаем' } },
  };
}
