// Requests that are well formed and mean nothing: ids of nobody, phones of nobody, sums that no shop has. Refused by name, or taken; never a 500.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withText } from '../bad-input/spoil.ts';
import {
  type Asked,
  everyRoute,
  nobody,
  notByContract,
  notTheProblem,
  openWorld,
  send,
  type World,
  wrongWith,
} from '../bad-input/world.ts';
import { badMembers, largest, membersAtTheTill, refused, saleOf } from '../bad-input/wrong-calls.ts';
import type { Json } from '../house.ts';

describe('bad input that is well formed', () => {
  let world: World;
  let routes: Asked[];
  beforeAll(async () => {
    world = await openWorld();
    routes = everyRoute(world);
  });
  afterAll(() => world.house.close());

  it('an id of nobody in the path: every route that can refuse it answers its 404', async () => {
    const wrong = await wrongWith(world.house, async () => {
      const mistakes: string[] = [];
      for (const asked of routes) {
        for (const good of withUnknownIds(asked)) {
          const answer = await send(world.house, { ...asked, good });
          const code = String(answer.body['code']);
          const mistake =
            asked.contract.refusals[code] === 404 ? notTheProblem(answer, 404, code) : `${answer.status} ${code}`;
          if (mistake !== '') mistakes.push(`${asked.name} ${JSON.stringify(good.params)}: ${mistake}`);
        }
      }
      return mistakes;
    });
    expect(wrong).toEqual([]);
  });

  it.each(membersAtTheTill)('%s %s refuses every member that is nobody', async (method, path, body) => {
    const wrong = await wrongWith(world.house, async () => {
      const mistakes: string[] = [];
      for (const [member, status, code] of badMembers) {
        const mistake = notTheProblem(await world.house.call(method, path, body(member)), status, code);
        if (mistake !== '') mistakes.push(`${JSON.stringify(member)}: ${mistake}`);
      }
      return mistakes;
    });
    expect(wrong).toEqual([]);
  });

  it.each(refused)('%s %s %j answers %i %s', async (...call) => {
    const [method, path, body, status, code] = call;
    const wrong = await wrongWith(world.house, async () => {
      const mistake = notTheProblem(await world.house.call(method, path, body), status, code);
      return mistake === '' ? [] : [mistake];
    });
    expect(wrong).toEqual([]);
  });

  it('a batch answers each bad receipt by itself, with the same codes', async () => {
    const receipts = badMembers.map(([member], index) => ({ sale: saleOf({ id: `B-${index}`, member }) }));
    const codes: unknown[] = [];
    const wrong = await wrongWith(world.house, async () => {
      const { answers } = await world.house.ok('POST', '/v1/checkout/receipts/batch', { receipts });
      codes.push(...answers.map(({ problem }: Json) => problem?.['code']));
      return [];
    });
    expect(wrong).toEqual([]);
    expect(codes).toEqual(badMembers.map(([, , code]) => code));
  });

  async function mistakesWith(text: string, places: Places): Promise<string[]> {
    const mistakes: string[] = [];
    for (const asked of routes) {
      for (const { at, good } of places(asked, text)) {
        const mistake = notByContract(asked.contract, await send(world.house, { ...asked, good }));
        if (mistake !== '') mistakes.push(`${asked.name} ${at}: ${mistake}`);
      }
    }
    return mistakes;
  }

  it.each([
    ['emoji and marks', '👩‍👩‍👧‍👦 é̀ ﷽ \u202eabc'],
    ['SQL and patterns', "'; drop table members.member; -- %_\\%"],
    ['only spaces, and many', ' '.repeat(250)],
  ])('%s in any text of any route is taken or refused by name, never a failure of ours', async (_name, text) => {
    expect(await mistakesWith(text, everywhere)).toEqual([]);
  });

  it.each(['1000-01-01', '9998-12-31', '1000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    '%s for any time of any route is taken or refused by name, never a failure of ours',
    async (time) => {
      expect(await mistakesWith(time, inTimes)).toEqual([]);
    },
  );

  it.each(largest)(
    'the largest numbers: %s %s is taken or refused by name, never a failure of ours',
    async (name, path, body) => {
      const asked = routes.find((each) => each.name === name);
      if (asked === undefined) throw new Error(`no route ${name}`);
      expect(notByContract(asked.contract, await world.house.call(asked.contract.method, path, body))).toBe('');
    },
  );

  it('and after all of it the books are clean', async () => {
    expect(await world.house.auditProblems()).toEqual([]);
  });

  it('every good call that these tests spoil is a success', async () => {
    const fresh = await openWorld();
    const mistakes: string[] = [];
    for (const asked of everyRoute(fresh)) {
      const answer = await send(fresh.house, asked);
      if (answer.status === (asked.contract.status ?? 200)) continue;
      mistakes.push(`${asked.name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    const books = await fresh.house.auditProblems();
    await fresh.house.close();
    expect(mistakes).toEqual([]);
    expect(books).toEqual([]);
  });
});

function withUnknownIds({ contract, good }: Asked): Asked['good'][] {
  if (!Object.values(contract.refusals).includes(404)) return [];
  return Object.entries(good.params ?? {}).map(([name, value]) => ({
    ...good,
    params: { ...good.params, [name]: unknownLike(value) },
  }));
}

function unknownLike(value: string): string {
  if (/^[0-9a-f]{8}-/.test(value)) return nobody;
  return /^\d+$/.test(value) ? '99999' : 'nobody-knows-it';
}

type Places = (asked: Asked, text: string) => { readonly at: string; readonly good: Asked['good'] }[];

/** The text in one place of the body after the other, then in all of the path, then in all of the query. */
const everywhere: Places = ({ good }, text) => {
  const filled = (part: object | undefined) => Object.fromEntries(Object.keys(part ?? {}).map((name) => [name, text]));
  return [
    ...withText(good.body, text).map(({ at, body }) => ({ at, good: { ...good, body } })),
    { at: 'path', good: { ...good, params: filled(good.params) } },
    { at: 'query', good: { ...good, query: filled(good.query) } },
  ];
};

const isTime = /^\d{4}-\d{2}-\d{2}/;

const inTimes: Places = ({ good }, time) =>
  withText(good.body, time, isTime).map(({ at, body }) => ({ at, good: { ...good, body } }));
