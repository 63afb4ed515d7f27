// Every route, every place of its body, path and query: what the contract does not allow is a bad_request that names the place.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonSchema, spoiled } from '../bad-input/spoil.ts';
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

describe('bad input', () => {
  let world: World;
  let routes: Asked[];
  beforeAll(async () => {
    world = await openWorld();
    routes = everyRoute(world);
  });
  afterAll(() => world.house.close());

  it('any wrong body of any route is a bad_request that points at what is wrong, and nothing is written', async () => {
    let sent = 0;
    const wrong = await wrongWith(world.house, async () => {
      const mistakes: string[] = [];
      for (const asked of routes) {
        for (const { at, how, body } of asked.contract.body ? spoiled(asked.contract.body, asked.good.body) : []) {
          sent += 1;
          const answer = await world.house.call(asked.contract.method, pathOf(asked), JSON.stringify(body));
          const mistake = notTheProblem(answer, 400, 'bad_request') || wrongPlace(answer.body['field'], at);
          if (mistake !== '') mistakes.push(`${asked.name} ${at} ${how.slice(0, 40)}: ${mistake}`);
        }
      }
      return mistakes;
    });
    expect(wrong).toEqual([]);
    expect(sent).toBeGreaterThan(4_000);
  });

  it('any wrong path or query of any route is a bad_request, and nothing is written', async () => {
    const wrong = await wrongWith(world.house, async () => {
      const mistakes: string[] = [];
      for (const asked of routes) {
        for (const good of [...wrongParams(asked), ...wrongQueries(asked)]) {
          const bad = { ...asked, good };
          const answer = await send(world.house, bad);
          const isBadCursor = answer.body['code'] === 'bad_cursor' && 'bad_cursor' in asked.contract.refusals;
          const mistake = notTheProblem(answer, 400, isBadCursor ? 'bad_cursor' : 'bad_request');
          if (mistake !== '') mistakes.push(`${asked.contract.method} ${pathOf(bad).slice(0, 200)}: ${mistake}`);
        }
      }
      return mistakes;
    });
    expect(wrong).toEqual([]);
  });

  it('a route that takes no body refuses one', async () => {
    const wrong = await wrongWith(world.house, async () => {
      const mistakes: string[] = [];
      for (const asked of routes.filter(({ contract }) => takesNothing(contract))) {
        const answer = await world.house.call(asked.contract.method, pathOf(asked), { surprise: 1 });
        const mistake = notTheProblem(answer, 400, 'bad_request');
        if (mistake !== '') mistakes.push(`${asked.name}: ${mistake}`);
      }
      return mistakes;
    });
    expect(wrong).toEqual([]);
  });
});

/** Nobody sends a body with GET, and HTTP lets a server ignore it. */
function takesNothing({ body, takesFile, method }: Asked['contract']): boolean {
  return body === undefined && takesFile !== true && method !== 'GET';
}

/** The pointer names the place, something in it, or what holds it (a rule over several fields). */
function wrongPlace(field: unknown, at: string): string {
  if (typeof field !== 'string') return 'names no field';
  const holder = at.slice(0, at.lastIndexOf('/'));
  return field === holder || `${field}/`.startsWith(`${at}/`) ? '' : `names ${field}`;
}

function wrongParams({ contract, good }: Asked): Asked['good'][] {
  if (contract.params === undefined) return [];
  const properties = jsonSchema(contract.params)['properties'] as Record<string, { format?: string; enum?: unknown }>;
  return Object.entries(properties).flatMap(([name, property]) => {
    const values = ['a\u0000b', '\ud800', 'я'.repeat(190) + 'x'.repeat(1000)];
    if (property.format === 'uuid' || property.enum !== undefined || name === 'version')
      values.push('9e99', '-1', "' or 1=1 --", '%', '00000000-0000-0000-0000-00000000000g');
    return values.map((value) => ({ ...good, params: { ...good.params, [name]: value.toWellFormed() } }));
  });
}

function wrongQueries({ contract, good }: Asked): Asked['good'][] {
  const bad: Record<string, string>[] = [{ ...good.query, key_nobody_knows: '1' }];
  if (contract.query !== undefined) {
    const properties = jsonSchema(contract.query)['properties'] as Record<string, unknown>;
    for (const name of Object.keys(properties)) {
      bad.push({ ...good.query, [name]: 'a\u0000' }, { ...good.query, [name]: 'я'.repeat(5_000) });
      bad.push({ ...good.query, [name]: '\ufffd' });
    }
    if ('limit' in properties)
      for (const limit of ['0', '-1', '501', '1.5', '1e999', 'many', '']) bad.push({ ...good.query, limit });
    if ('cursor' in properties)
      for (const cursor of ['x', 'bm90IGEgY3Vyc29y', "'; drop table members.member", '[]', 'e30'])
        bad.push({ ...good.query, cursor });
  }
  return bad.map((query) => ({ ...good, query }));
}
