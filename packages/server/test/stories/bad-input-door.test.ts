// Who may not, and what is no request at all: every route refuses it with the same problems, and nothing is written.
import { type Scope, scopes } from '@kopilka/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Asked,
  everyRoute,
  notTheProblem,
  openWorld,
  pathOf,
  send,
  type World,
  wrongWith,
} from '../bad-input/world.ts';
import type { Answer } from '../house.ts';

const tooManyLevels = 100_000;
const bodyLimitBytes = 16 * 1024 * 1024;

describe('bad input at the door', () => {
  let world: World;
  let routes: Asked[];
  let withKey: Asked[];
  let withBody: Asked[];
  beforeAll(async () => {
    world = await openWorld();
    routes = everyRoute(world);
    withKey = routes.filter(({ contract }) => contract.scope !== null);
    withBody = routes.filter(({ contract }) => contract.body !== undefined);
  });
  afterAll(() => world.house.close());

  /** Routes that answer anything else than the problem; tables that were written to. */
  function wrong(asked: readonly Asked[], code: string, ask: (one: Asked) => Promise<Answer>): Promise<string[]> {
    if (asked.length === 0) throw new Error('no route was asked');
    return wrongWith(world.house, async () => {
      const mistakes: string[] = [];
      for (const one of asked) {
        const mistake = notTheProblem(await ask(one), statuses[code] ?? 0, code);
        if (mistake !== '') mistakes.push(`${one.name}: ${mistake}`);
      }
      return mistakes;
    });
  }

  it.each([
    ['no key', null],
    ['a key that is none', 'kpk_nothing'],
    ['a key with broken bytes', 'kpk_\u00ff\u00fe'],
    ['a very long key', `kpk_${'x'.repeat(4000)}`],
    ['an empty key', ''],
  ])('%s: every route answers unauthorized', async (_name, key) => {
    expect(await wrong(withKey, 'unauthorized', (asked) => send(world.house, asked, { key }))).toEqual([]);
  });

  it('another scheme than Bearer: every route answers unauthorized', async () => {
    const options = { key: null, headers: { authorization: 'Basic a2V5OnBhc3M=' } };
    expect(await wrong(withKey, 'unauthorized', (asked) => send(world.house, asked, options))).toEqual([]);
  });

  it.each(['text/plain', 'text/csv', 'multipart/form-data; boundary=x', 'application/xml', 'nonsense'])(
    'a body of the type %s: every route that takes JSON answers unsupported_media_type',
    async (type) => {
      const options = { headers: { 'content-type': type } };
      const ask = (asked: Asked) => world.house.call(asked.contract.method, pathOf(asked), '{}', options);
      expect(await wrong(withBody, 'unsupported_media_type', ask)).toEqual([]);
    },
  );

  it.each([
    ['half a document', '{"id": "1", "lines": [{'],
    ['no JSON', 'id=1&shop=main'],
    ['two documents', '{} {}'],
    ['a NaN', '{"id": NaN}'],
    ['a byte order mark', '\ufeff{}'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['a raw NUL in a text', '{"id": "a\u0000b"}'],
    ['a NUL in a key', '{"a\\u0000b": 1}'],
    ['a prototype', '{"__proto__": {"admin": true}}'],
    ['a prototype further in', '{"id": {"__proto__": {"admin": true}}}'],
    ['an array as deep as it fits', '['.repeat(tooManyLevels) + ']'.repeat(tooManyLevels)],
    ['an object 65 levels deep', '{"a":'.repeat(65) + '1' + '}'.repeat(65)],
    ['a number beyond all numbers', '{"id": 1e99999}'],
  ])('a body that is %s: every route answers bad_request', async (_name, body) => {
    const ask = (asked: Asked) => world.house.call(asked.contract.method, pathOf(asked), body);
    expect(await wrong(withBody, 'bad_request', ask)).toEqual([]);
  });

  it('a body that says it is too large: every route answers payload_too_large before reading it', async () => {
    const options = { headers: { 'content-length': String(bodyLimitBytes + 1) } };
    const ask = (asked: Asked) => world.house.call(asked.contract.method, pathOf(asked), '{}', options);
    expect(await wrong(withBody, 'payload_too_large', ask)).toEqual([]);
  });

  it('a body that is too large: payload_too_large', async () => {
    const large = JSON.stringify({ shop: 'x'.repeat(bodyLimitBytes) });
    const quote = withBody.filter(({ name }) => name === 'POST /v1/checkout/quote');
    const ask = (asked: Asked) => world.house.call(asked.contract.method, pathOf(asked), large);
    expect(await wrong(quote, 'payload_too_large', ask)).toEqual([]);
  });

  it('a method that an address does not know: method_not_allowed', async () => {
    const mistakes: string[] = [];
    for (const [asked, method] of otherMethods(routes)) {
      const answer = await world.house.call(method, pathOf(asked));
      // A fixed address beside a parameter (/v1/members/by-identity) is that parameter to other methods.
      const mistake = notTheProblem(answer, 405, 'method_not_allowed') && notTheProblem(answer, 400, 'bad_request');
      if (mistake !== '') mistakes.push(`${method} ${asked.contract.path}: ${mistake}`);
    }
    expect(mistakes).toEqual([]);
  });

  it.each(['/', '/v1', '/v1/nothing', '/v1/members/a/b/c/d', '/v2/checkout/quote', '/v1/checkout/quote/', '/.env'])(
    'an address that is none: %s answers not_found',
    async (path) => {
      expect(notTheProblem(await world.house.call('GET', path), 404, 'not_found')).toBe('');
    },
  );

  it('a key with every scope but the one: every route answers forbidden and names it', async () => {
    const keys = new Map<Scope, string>();
    for (const scope of scopes) {
      const others = scopes.filter((each) => each !== scope && each !== 'admin');
      keys.set(scope, await world.house.key({ scopes: others }));
    }
    const named: unknown[] = [];
    const ask = async (asked: Asked) => {
      const answer = await send(world.house, asked, { key: keys.get(asked.contract.scope ?? 'admin') ?? null });
      named.push(answer.body['details']);
      return answer;
    };
    expect(await wrong(withKey, 'forbidden', ask)).toEqual([]);
    expect(named).toEqual(withKey.map(({ contract }) => ({ scope: contract.scope })));
  });

  it('a revoked key: every route answers unauthorized', async () => {
    const key = await world.house.key({ scopes: ['admin'], integration: 'revoked' });
    await world.house.ok('GET', '/v1/shops', undefined, { key });
    const { items } = await world.house.ok('GET', '/v1/api-keys');
    const mine = items.find((each: { integration: string }) => each.integration === 'revoked');
    await world.house.ok('DELETE', `/v1/api-keys/${mine.id}`);
    expect(await wrong(withKey, 'unauthorized', (asked) => send(world.house, asked, { key }))).toEqual([]);
  });

  it('a key of another shop: every route at a till answers shop_not_allowed', async () => {
    const { shop_id: shopId } = await world.house.shop('other');
    const key = await world.house.key({ scopes: ['admin'], shopIds: [shopId] });
    const tills = routes.filter(({ contract }) => 'shop_not_allowed' in contract.refusals);
    expect(tills.length).toBeGreaterThan(10);
    expect(await wrong(tills, 'shop_not_allowed', (asked) => send(world.house, asked, { key }))).toEqual([]);
  });
});

const statuses: Readonly<Record<string, number>> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  shop_not_allowed: 403,
  payload_too_large: 413,
  unsupported_media_type: 415,
};

function otherMethods(routes: readonly Asked[]): [Asked, string][] {
  const shapeOf = ({ contract }: Asked) => contract.path.replaceAll(/:\w+/g, ':');
  const known = new Set(routes.map((asked) => `${asked.contract.method} ${shapeOf(asked)}`));
  return routes.flatMap((asked) =>
    ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
      .filter((method) => !known.has(`${method} ${shapeOf(asked)}`))
      .map((method): [Asked, string] => [asked, method]),
  );
}
