// Every kind of operation a chain's tills, site and back office send, the ones among them that meet on one member, receipt or limit.
import { expect } from 'vitest';
import { type Answer, type House, type Json, openHouse } from '../house.ts';
import { type Dice, diceOf } from './dice.ts';
import { fingerprint } from './fingerprint.ts';

export interface Sold {
  readonly id: string;
  readonly shop: string;
  readonly lines: readonly Json[];
  readonly at: string;
  state: 'held' | 'sold' | 'nobody';
}

export interface Crossing {
  readonly house: House;
  readonly dice: Dice;
  readonly log: string[];
  readonly members: readonly { readonly id: string; readonly phone: string }[];
  readonly sales: Sold[];
  /** Merges that can be undone, the latest last. */
  readonly merges: { readonly id: string; readonly survivor: string; readonly absorbed: string }[];
  readonly everMerged: { readonly id: string; readonly survivor: string; readonly absorbed: string }[];
  /** Earned and redeemed, given and taken back, by receipt. */
  readonly sums: Map<string, { earned: number; redeemed: number; taken: number; given: number; complete: boolean }>;
  last: { method: string; path: string; body: Json; answer: Answer } | null;
  count: number;
}

const program = (version: number): Parameters<House['publish']>[0] => ({
  tiers: {
    list: [
      {
        code: 'base',
        name: { ru: 'Базовый', en: 'Base' },
        rank: 0,
        earn_rate: version % 2 === 0 ? '10' : '5',
        redeem_rate: '50',
      },
      {
        ...{ code: 'gold', name: { ru: 'Золотой', en: 'Gold' }, rank: 1, earn_rate: '15', redeem_rate: '70' },
        conditions: { any: [{ figure: 'money_paid', at_least: 1500_00 }] },
      },
    ],
    review_days: 6,
  },
  earning: { term: { kind: 'inactivity', days: 6 }, delay: version % 3 === 0 ? { hours: 0 } : { hours: 30 } },
  returns: { receipt_gains: version % 2 === 0 ? 'all' : 'in_proportion' },
  limits: { earn_per_day: 400, redeem_per_day: 150 },
  promotions: [
    {
      ...{ code: 'big', name: 'Big', conditions: [{ kind: 'receipt_sum', from: 300_00 }] },
      effects: [
        { kind: 'earn_fixed', points: 60 },
        { kind: 'next_code', promotion: 'next', days: 5 },
      ],
      ...{ points: { term: { kind: 'days', days: 3 } }, limits: { total_points: 1500, per_member_per_day: 3 } },
    },
    { code: 'next', name: 'Next', needs_code: true, effects: [{ kind: 'percent_off', percent: '15' }] },
    {
      ...{ code: 'few', name: 'Few', needs_code: true, limits: { total_uses: 6, per_member: 2 } },
      effects: [{ kind: 'percent_off', percent: '20' }],
    },
    {
      ...{ code: 'cups', name: 'Cups', conditions: [{ kind: 'line_match', products: { skus: ['CUP'] } }] },
      ...{
        limits: { total_money: 150_00 },
        effects: [
          { kind: 'percent_off', percent: '10' },
          { kind: 'earn_multiply', times: '2' },
        ],
      },
    },
  ],
});

/** What a POS may be told; anything else is a fault. */
const businessCodes = new Set([
  'not_enough_points',
  'already_confirmed',
  'already_cancelled',
  'not_confirmed',
  'returns_more_than_sold',
  'nothing_left_to_return',
  'other_content',
  'already_claimed',
  'already_returned',
  'claim_too_late',
  'line_unknown',
  'fiscal_taken',
  'already_merged',
  'same_member',
]);

async function send(world: Crossing, method: string, path: string, body: Json): Promise<Answer> {
  const answer = await world.house.call(method, path, body);
  world.log.push(
    `${world.house.clock.now().toString()} ${method} ${path} ${JSON.stringify(body)} → ${answer.status} ${answer.body['code'] ?? ''}`,
  );
  if (answer.status >= 300 && !businessCodes.has(answer.body['code'])) throw new Error(JSON.stringify(answer.body));
  world.last = { method, path, body, answer };
  return answer;
}

function newId(world: Crossing, word: string): string {
  world.count += 1;
  return `${word}-${world.count}`;
}

function cart({ dice }: Crossing): Json[] {
  return Array.from({ length: 1 + dice.below(3) }, (_, index) => ({
    line_id: String(index + 1),
    sku: dice.pick(['TEA', 'CUP']),
    sum: 1 + dice.below(dice.chance(30) ? 500_00 : 150_00),
    quantity: 1000 * (1 + dice.below(3)),
    ...(dice.chance(15) ? { till_discount: 1 } : {}),
  }));
}

function buyer({ dice, members }: Crossing): Json {
  const member = dice.pick(members);
  return dice.chance(70) ? { phone: member.phone } : { member_id: member.id };
}

function note(world: Crossing, sale: Sold, answer: Answer): void {
  if (answer.status !== 200 || answer.body['state'] !== 'confirmed') return;
  sale.state = 'sold';
  const { earned_points: earned, redeemed_points: redeemed } = answer.body['totals'];
  world.sums.set(sale.id, { earned, redeemed, taken: 0, given: 0, complete: false });
}

export async function sell(world: Crossing): Promise<void> {
  const { dice, house } = world;
  const late = dice.chance(25);
  const moment = house.clock.now().subtract({ minutes: late ? 20 + dice.below(3 * 24 * 60) : 0 });
  const sale: Sold = {
    id: newId(world, 'S'),
    shop: dice.pick(['main', 'other']),
    lines: cart(world),
    at: moment.toString(),
    state: 'sold',
  };
  const more = late
    ? {
        at: sale.at,
        paid: true,
        ...(dice.chance(50) ? { printed: { redeemed_points: dice.below(60), discount: 0 } } : {}),
      }
    : dice.pick([{}, { redeem: 'max' }, { redeem: 20 }, { redeem: 35, paid: true }]);
  const codes = dice.chance(40) ? { promo_codes: [dice.pick(['FEW', 'FEW', 'NONE'])] } : {};
  const body = { id: sale.id, shop: sale.shop, member: buyer(world), lines: sale.lines, ...more, ...codes };
  const answer = await send(world, 'POST', '/v1/checkout/confirm', body);
  if (answer.status === 200) world.sales.push(sale);
  note(world, sale, answer);
}

export async function sellToNobody(world: Crossing): Promise<void> {
  const sale: Sold = { id: newId(world, 'N'), shop: 'main', lines: cart(world), at: '', state: 'nobody' };
  const answer = await send(world, 'POST', '/v1/checkout/confirm', { id: sale.id, shop: 'main', lines: sale.lines });
  world.sales.push(sale);
  world.sums.set(sale.id, { earned: 0, redeemed: 0, taken: 0, given: 0, complete: false });
  expect(answer.body['totals'].earned_points).toBe(0);
}

export async function claim(world: Crossing): Promise<void> {
  const free = world.sales.filter((sale) => sale.state === 'nobody');
  if (free.length === 0) return;
  const sale = world.dice.pick(free);
  const answer = await send(world, 'POST', '/v1/checkout/claim', {
    member: buyer(world),
    receipt: { shop: sale.shop, id: sale.id },
  });
  note(world, sale, answer);
}

export async function hold(world: Crossing): Promise<void> {
  const { dice } = world;
  const order = dice.chance(60);
  const sale: Sold = { id: newId(world, 'H'), shop: 'main', lines: cart(world), at: '', state: 'held' };
  const codes = dice.chance(30) ? { promo_codes: ['FEW'] } : {};
  const body = { id: sale.id, shop: 'main', member: buyer(world), lines: sale.lines, redeem: 'max', order, ...codes };
  if ((await send(world, 'POST', '/v1/checkout/hold', body)).status === 200) world.sales.push(sale);
}

function held(world: Crossing): Sold | null {
  const open = world.sales.filter((sale) => sale.state === 'held');
  return open.length === 0 ? null : world.dice.pick(open);
}

export async function edit(world: Crossing): Promise<void> {
  const sale = held(world);
  if (!sale) return;
  const member = buyer(world);
  const body = { id: sale.id, shop: 'main', member, lines: sale.lines.slice(0, 1), redeem: 'max', order: true };
  await send(world, 'PUT', '/v1/checkout/hold', body);
}

export async function confirm(world: Crossing): Promise<void> {
  const sale = held(world);
  if (!sale) return;
  const { dice } = world;
  const paid = dice.chance(80);
  if (dice.chance(35)) {
    const line = dice.pick(sale.lines);
    const part = {
      id: `${sale.id}-${newId(world, 'P')}`,
      shop: 'main',
      lines: sale.lines,
      at: '',
      state: 'held',
    } as Sold;
    const body = {
      id: sale.id,
      shop: 'main',
      part_id: part.id,
      paid,
      more_to_come: dice.chance(70),
      lines: [{ ...line, quantity: 1000 }],
    };
    const answer = await send(world, 'POST', '/v1/checkout/confirm', body);
    note(world, part, answer);
    if (answer.status === 200) world.sales.push(part);
    return;
  }
  const lines = dice.chance(30)
    ? { lines: sale.lines.map((line) => ({ ...line, sum: Math.ceil(line['sum'] / 2), till_discount: 0 })) }
    : {};
  note(world, sale, await send(world, 'POST', '/v1/checkout/confirm', { id: sale.id, shop: 'main', paid, ...lines }));
}

export async function cancel(world: Crossing): Promise<void> {
  const sale = held(world);
  if (sale) await send(world, 'POST', '/v1/checkout/cancel', { id: sale.id, shop: 'main' });
}

function counted(world: Crossing, sale: Sold, answer: Json): void {
  const sums = world.sums.get(sale.id);
  if (!sums) throw new Error(`${sale.id} was never sold`);
  sums.given += answer['points_given_back'];
  sums.taken += answer['points_taken_back'] + answer['points_burned_already'];
  sums.complete = answer['complete'];
}

export async function giveBack(world: Crossing, all = false): Promise<void> {
  const { dice } = world;
  const sold = world.sales.filter((sale) => sale.state !== 'held' && world.sums.get(sale.id)?.complete !== true);
  if (sold.length === 0) return;
  const sale = dice.pick(sold);
  const line = dice.pick(sale.lines)['line_id'];
  const part = dice.pick([
    {},
    { lines: [{ line_id: line, quantity: 1000 }] },
    { lines: [{ line_id: line, sum: 7 }] },
    { sum: 1 + dice.below(50_00) },
  ]);
  const wish = all ? {} : part;
  const body = {
    id: newId(world, 'R'),
    shop: dice.pick(['main', 'other']),
    receipt: { id: sale.id, shop: sale.shop },
    ...wish,
  };
  const answer = await send(world, 'POST', '/v1/checkout/return', body);
  if (answer.status === 200) counted(world, sale, answer.body);
  else if (all) throw new Error(JSON.stringify(answer.body));
}

export async function exchange(world: Crossing): Promise<void> {
  const { dice } = world;
  const sold = world.sales.filter((sale) => sale.state === 'sold' && world.sums.get(sale.id)?.complete === false);
  if (sold.length === 0) return;
  const old = dice.pick(sold);
  const sale: Sold = { id: newId(world, 'X'), shop: 'main', lines: cart(world), at: '', state: 'sold' };
  const body = {
    return: { id: newId(world, 'R'), shop: 'main', receipt: { id: old.id, shop: old.shop } },
    sale: { id: sale.id, shop: 'main', member: buyer(world), lines: sale.lines, redeem: 'max' },
  };
  const answer = await send(world, 'POST', '/v1/checkout/exchange', body);
  if (answer.status !== 200) return;
  counted(world, old, answer.body['return']);
  world.sales.push(sale);
  note(world, sale, { ...answer, body: answer.body['sale'] });
}

export async function grant(world: Crossing): Promise<void> {
  const { dice } = world;
  const body = { kind: 'grant', points: 1 + dice.below(80), reason: 'simulation', pays_debt: dice.chance(70) };
  const term = dice.pick([{}, { days: 2 }, { starts_at: world.house.clock.now().add({ hours: 5 }).toString() }]);
  await world.house.ok('POST', `/v1/members/${dice.pick(world.members).id}/points`, { ...body, ...term });
}

export function living(world: Crossing): string[] {
  return world.members.map(({ id }) => id).filter((id) => !world.merges.some((one) => one.absorbed === id));
}

export async function merge(world: Crossing): Promise<void> {
  const alive = living(world);
  if (alive.length < 2) return;
  const survivor = world.dice.pick(alive);
  const absorbed = world.dice.pick(alive.filter((id) => id !== survivor));
  const answer = await send(world, 'POST', `/v1/members/${survivor}/merge`, { absorbed_id: absorbed });
  world.last = null;
  if (answer.status !== 201) return;
  world.merges.push({ id: answer.body['merge_id'], survivor, absorbed });
  world.everMerged.push({ id: answer.body['merge_id'], survivor, absorbed });
}

export async function unmerge(world: Crossing): Promise<void> {
  const merged = world.merges.pop();
  if (!merged) return;
  await send(world, 'POST', `/v1/members/${merged.survivor}/unmerge`, { merge_id: merged.id });
  world.last = null;
}

export async function quote(world: Crossing): Promise<void> {
  const before = await fingerprint(world.house);
  const body = { shop: 'main', member: buyer(world), lines: cart(world), redeem: 'max' };
  await send(world, 'POST', '/v1/checkout/quote', body);
  expect(await fingerprint(world.house)).toBe(before);
}

export async function publish(world: Crossing): Promise<void> {
  world.count += 1;
  world.log.push(`publish ${world.count}`);
  await world.house.publish(program(world.count));
}

export async function pass(world: Crossing): Promise<void> {
  const { dice, house } = world;
  house.clock.advance({ minutes: dice.pick([1, 16, 300, 24 * 60, 2 * 24 * 60]) });
  world.log.push(`${house.clock.now().toString()} time passed`);
  if (dice.chance(30)) await house.runDue();
}

export async function openCrossing(seed: number): Promise<Crossing> {
  const house = await openHouse({ seed });
  for (const shop of ['main', 'other']) await house.shop(shop);
  await house.product('TEA', 100_00);
  await house.product('CUP', 33_33);
  await house.publish(program(0));
  await house.ok('POST', '/v1/promo-codes', { code: 'FEW', promotion: 'few', uses_max: 9 });
  const phones = [0, 1, 2, 3].map((index) => `+7916777${1000 + index}`);
  const members = [];
  for (const phone of phones) members.push({ phone, id: await house.member(phone) });
  return {
    house,
    dice: diceOf(seed),
    log: [],
    members,
    sales: [],
    merges: [],
    everMerged: [],
    sums: new Map(),
    last: null,
    count: 0,
  };
}
