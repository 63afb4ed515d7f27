import { sharedProblems } from '@kopilka/contract';
import { describe, expect, it } from 'vitest';
import { type Answer, at, type House, openHouse } from '../house.ts';
import {
  type Bindings,
  differences,
  filledIn,
  type PageRequest,
  type PageStep,
  pageSteps,
  pageText,
} from '../manual-page.ts';

const first = 'README.md';
const goingOn = ['idempotency.md', 'orders.md', 'offline.md', 'catalog.md', 'members.md', 'errors.md'];

/** Every page goes on where the first one ends, so that each can be read alone. */
describe('the manual of the integrator tells the truth', () => {
  it.each([first, ...goingOn])('%s', async (page) => {
    const house = await openHouse();
    try {
      const told: Told = { house, bindings: new Map() };
      await tell(told, first);
      if (page !== first) await tell(told, page);
      expect(await house.auditProblems()).toEqual([]);
    } finally {
      await house.close();
    }
  });
});

describe('errors.md', () => {
  it('explains every code that a route may refuse with, and no other', () => {
    // Generated from the contracts, and the gate checks that it is fresh.
    const refused = pageText('errors-by-route.md').match(/(?<=\d: .*`)[a-z_]+(?=`)/g) ?? [];
    expect(refused.length).toBeGreaterThan(100);
    const shown = pageText('errors.md').split('## Codes that any route may answer')[1] ?? '';
    const rows = shown.split('\n').filter((line) => line.startsWith('| '));
    const cells = rows.flatMap((row) => row.split(' | ').filter((cell) => /^[|\s]*`/.test(cell)));
    const explained = new Set(cells.join(' ').match(/(?<=`)[a-z_]+(?=`)/g));
    const known = new Set([...refused, ...Object.keys(sharedProblems)]);
    expect([...known].filter((code) => !explained.has(code))).toEqual([]);
    expect([...explained].filter((code) => !known.has(code))).toEqual([]);
  });
});

interface Told {
  readonly house: House;
  readonly bindings: Bindings;
}

async function tell(told: Told, page: string): Promise<void> {
  const steps = pageSteps(pageText(page));
  const requests = steps.filter(({ kind }) => kind === 'request').length;
  const answers = steps.filter(({ kind }) => kind === 'answer').length;
  expect(requests, `${page} shows requests`).toBeGreaterThan(0);
  expect(answers, `${page} shows an answer to every request`).toBe(requests);
  let last: Answer | null = null;
  for (const step of steps) last = await follow(told, page, step, last);
}

async function follow(told: Told, page: string, step: PageStep, last: Answer | null): Promise<Answer | null> {
  const place = `docs/manual/integrator/${page}:${step.line}`;
  if (step.kind === 'clock') {
    told.house.clock.set(at(step.local));
    await told.house.runDue();
    return null;
  }
  if (step.kind === 'request') {
    expect(last, `${place}: the request before has no answer`).toBeNull();
    return send(told, step);
  }
  if (last === null) throw new Error(`${place}: an answer without a request`);
  const shown: unknown = step.body === undefined ? {} : JSON.parse(step.body);
  const wrong = differences(shown, last.body, told.bindings);
  expect({ status: last.status, wrong }, `${place}: ${JSON.stringify(last.body, null, 1)}`).toEqual({
    status: step.status,
    wrong: [],
  });
  return null;
}

function send({ house, bindings }: Told, request: PageRequest): Promise<Answer> {
  const { Authorization: asked = '', ...headers } = request.headers;
  const body = request.body === undefined ? undefined : JSON.parse(filledIn(request.body, bindings));
  // Without a key, or with `$KEY`, it is the owner's.
  const isOwner = asked === '' || asked === 'Bearer $KEY';
  const key = isOwner ? {} : { key: filledIn(asked, bindings).replace('Bearer ', '') };
  return house.call(request.method, filledIn(request.path, bindings), body, { ...key, headers });
}
