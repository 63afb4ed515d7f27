// One random operation at a time: over HTTP, and the same into the naive account. Each answers what to repeat.
import { expect } from 'vitest';
import { at, type Json } from '../house.ts';
import type { Dice } from './dice.ts';
import { fingerprint } from './fingerprint.ts';
import { endOfDays, type NaiveAccount, sumOf } from './naive-account.ts';
import {
  accountOf,
  type CartLine,
  countReturn,
  countSale,
  earnedOf,
  limitOf,
  programs,
  publish,
  type Receipt,
  type Rules,
  sumOfLines,
  type World,
} from './world.ts';

/** A request that was answered: sent again it has to be answered the same (R20). */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly answer: Json;
}

export type Operation = (world: World, dice: Dice) => Promise<Sent | null>;

const minute = 60_000;
let lastId = 0;

async function send(world: World, method: string, path: string, body: Json): Promise<Sent> {
  world.log.push(`${world.house.clock.now().toString()} ${method} ${path} ${JSON.stringify(body)}`);
  return { method, path, body, answer: await world.house.ok(method, path, body) };
}

function newId(word: string): string {
  lastId += 1;
  return `${word}-${lastId}`;
}

function cart(dice: Dice): CartLine[] {
  const lines = Array.from({ length: 1 + dice.below(3) }, (_, index) => ({
    line_id: String(index + 1),
    sku: dice.pick(['TEA', 'CUP']),
    sum: 1 + dice.below(dice.chance(30) ? 700_00 : 200_00),
    quantity: 1000 * (1 + dice.below(4)),
  }));
  return dice.chance(10) ? lines.map((line) => ({ ...line, quantity: line.quantity - 333 })) : lines;
}

function rulesNow(world: World) {
  return rulesAt(world, world.now());
}

function rulesAt(world: World, moment: number): Rules {
  const version = world.published.findLast((one) => one.at <= moment);
  if (!version) throw new Error('a program is published before anything is sold');
  return version.rules;
}

interface Buying {
  readonly member: number;
  readonly account: NaiveAccount;
  readonly shop: string;
  readonly reference: Json;
}

function buyer(world: World, dice: Dice): Buying {
  const member = dice.below(world.accounts.length);
  const account = world.accounts[member] as NaiveAccount;
  return {
    member,
    account,
    shop: dice.pick(['main', 'main', 'other']),
    reference: { member_id: world.memberIds[member] },
  };
}

function newReceipt(
  world: World,
  { member, shop }: Buying,
  more: Partial<Receipt> & Pick<Receipt, 'id' | 'lines'>,
): Receipt {
  const now = world.now();
  return {
    ...{
      shop,
      member,
      state: 'confirmed',
      rules: rulesNow(world),
      order: false,
      heldAt: now,
      expiresFrom: now,
      heldParts: [],
      at: now,
    },
    ...{
      blocked: world.blocked[member] === true,
      redeemed: 0,
      earned: 0,
      spent: [],
      given: 0,
      taken: 0,
      complete: false,
    },
    ...more,
  };
}

function expectTotals(answer: Json, receipt: Receipt): void {
  expect(answer['totals']).toMatchObject({ redeemed_points: receipt.redeemed, earned_points: receipt.earned });
}

export const sell: Operation = async (world, dice) => {
  const who = buyer(world, dice);
  const receipt = newReceipt(world, who, { id: newId('S'), lines: cart(dice) });
  const redeems = dice.chance(60);
  const body = {
    id: receipt.id,
    shop: who.shop,
    member: who.reference,
    lines: receipt.lines,
    ...(redeems ? { redeem: 'max' } : {}),
  };
  const sent = await send(world, 'POST', '/v1/checkout/confirm', body);
  if (redeems && !receipt.blocked) {
    receipt.spent = who.account.choose(limitOf(receipt.rules, receipt.lines), who.shop);
    receipt.redeemed = sumOf(receipt.spent);
    who.account.spend(receipt.spent);
  }
  receipt.earned = receipt.blocked ? 0 : earnedOf(receipt.rules, receipt.lines, receipt.redeemed);
  expectTotals(sent.answer, receipt);
  world.receipts.push(receipt);
  countSale(world, receipt);
  return sent;
};

/** From a till that was offline: no points were paid with, what it earns goes by its own time (R21). */
export const sellLate: Operation = async (world, dice) => {
  const who = buyer(world, dice);
  const moment = world.now() - (20 + dice.below(4 * 24 * 60)) * minute;
  if (moment < (world.published[0]?.at ?? 0)) return null;
  const receipt = newReceipt(world, who, {
    id: newId('L'),
    lines: cart(dice),
    at: moment,
    rules: rulesAt(world, moment),
  });
  const time = new Date(moment).toISOString();
  const body = { id: receipt.id, shop: who.shop, member: who.reference, lines: receipt.lines, at: time, paid: true };
  const sent = await send(world, 'POST', '/v1/checkout/confirm', body);
  receipt.earned = receipt.blocked ? 0 : earnedOf(receipt.rules, receipt.lines, 0);
  expectTotals(sent.answer, receipt);
  world.receipts.push(receipt);
  countSale(world, receipt, true);
  return sent;
};

export const hold: Operation = async (world, dice) => {
  const who = buyer(world, dice);
  const order = dice.chance(40);
  const receipt = newReceipt(world, who, { id: newId('H'), lines: cart(dice), state: 'held', order });
  const body = { id: receipt.id, shop: who.shop, member: who.reference, lines: receipt.lines, redeem: 'max', order };
  const sent = await send(world, 'POST', '/v1/checkout/hold', body);
  world.receipts.push(receipt);
  holdInto(world, receipt, sent.answer);
  return sent;
};

function holdInto(world: World, receipt: Receipt, answer: Json): void {
  const account = accountOf(world, receipt);
  const now = world.now();
  const limit = receipt.blocked ? 0 : limitOf(receipt.rules, receipt.lines);
  receipt.heldParts = account.choose(limit, receipt.shop, receipt.id);
  receipt.redeemed = sumOf(receipt.heldParts);
  receipt.earned = receipt.blocked ? 0 : earnedOf(receipt.rules, receipt.lines, receipt.redeemed);
  expectTotals(answer, receipt);
  receipt.expiresFrom = now;
  account.hold(receipt.id, receipt.heldParts, { now, expires: receipt.order ? endOfDays(now, 14) : now + 15 * minute });
}

export const edit: Operation = async (world, dice) => {
  const open = world.receipts.filter((one) => one.state === 'held');
  if (open.length === 0) return null;
  const receipt = dice.pick(open);
  receipt.lines = cart(dice);
  receipt.blocked = world.blocked[receipt.member] === true;
  const { id, shop, lines, order } = receipt;
  const body = { id, shop, member: { member_id: world.memberIds[receipt.member] }, lines, redeem: 'max', order };
  const answer = await world.house.call('PUT', '/v1/checkout/hold', body);
  world.log.push(
    `${world.house.clock.now().toString()} PUT /v1/checkout/hold ${JSON.stringify(body)} ${answer.status}`,
  );
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  holdInto(world, receipt, answer.body);
  return { method: 'PUT', path: '/v1/checkout/hold', body, answer: answer.body };
};

/** As it was held, or with fewer goods; in time, after the time-out, or after a cancel when it was paid after all (R19). */
export const confirm: Operation = async (world, dice) => {
  const open = world.receipts.filter((one) => one.state !== 'confirmed');
  if (open.length === 0) return null;
  const receipt = dice.pick(open);
  const account = accountOf(world, receipt);
  const blocked = world.blocked[receipt.member] === true;
  const body: { [key: string]: unknown } = { id: receipt.id, shop: receipt.shop, paid: true };
  if (dice.chance(30) && !blocked && !receipt.blocked) {
    receipt.lines = receipt.lines.map((line) => ({ ...line, sum: Math.ceil(line.sum / 2) }));
    body['lines'] = receipt.lines;
    receipt.redeemed = Math.min(receipt.redeemed, limitOf(receipt.rules, receipt.lines));
    receipt.earned = earnedOf(receipt.rules, receipt.lines, receipt.redeemed);
  }
  const sent = await send(world, 'POST', '/v1/checkout/confirm', body);
  expectTotals(sent.answer, receipt);
  const now = world.now();
  const held = { parts: receipt.heldParts, heldAt: receipt.heldAt, wanted: receipt.redeemed };
  const { spent, owed } = account.confirm(receipt.id, held, now);
  expect((sent.answer['flags'] as string[]).includes('redeemed_on_credit')).toBe(owed > 0);
  receipt.spent = spent;
  receipt.state = 'confirmed';
  receipt.at = now;
  countSale(world, receipt);
  return sent;
};

export const cancel: Operation = async (world, dice) => {
  const open = world.receipts.filter((one) => one.state === 'held' || one.state === 'ended');
  if (open.length === 0) return null;
  const receipt = dice.pick(open);
  const sent = await send(world, 'POST', '/v1/checkout/cancel', { id: receipt.id, shop: receipt.shop });
  accountOf(world, receipt).cancel(receipt.id, world.now());
  receipt.state = 'cancelled';
  return sent;
};

export const giveBack: Operation = async (world, dice) => {
  const sold = world.receipts.filter((one) => one.state === 'confirmed' && !one.complete);
  if (sold.length === 0) return null;
  return returnOf(world, dice.pick(sold), dice.chance(40) ? null : dice);
};

/** With dice: a piece of one line; without: all that is left. */
export async function returnOf(world: World, receipt: Receipt, dice: Dice | null): Promise<Sent | null> {
  const id = newId('R');
  const part = dice === null ? {} : partOf(receipt, dice);
  const body = {
    id,
    shop: dice?.chance(20) ? 'other' : receipt.shop,
    receipt: { id: receipt.id, shop: receipt.shop },
    ...part,
  };
  const answer = await world.house.call('POST', '/v1/checkout/return', body);
  world.log.push(
    `${world.house.clock.now().toString()} POST /v1/checkout/return ${JSON.stringify(body)} ${answer.status}`,
  );
  // The line came back already: more cannot.
  if (answer.status === 422 && answer.body['code'] === 'returns_more_than_sold') return null;
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  const { gone, debt } = countReturn(world, receipt, answer.body);
  expect(answer.body).toMatchObject({ points_burned_already: gone, debt_made: debt });
  if (receipt.complete) expect([receipt.taken, receipt.given]).toEqual([receipt.earned, receipt.redeemed]);
  return { method: 'POST', path: '/v1/checkout/return', body, answer: answer.body };
}

function partOf({ lines }: Receipt, dice: Dice): Json {
  const line = dice.pick(lines);
  if (dice.chance(25)) return { lines: [{ line_id: line.line_id, sum: 1 + dice.below(Math.ceil(line.sum / 3)) }] };
  return { lines: [{ line_id: line.line_id, quantity: dice.pick([1, 333, 1000, line.quantity]) }] };
}

export const grant: Operation = async (world, dice) => {
  const who = buyer(world, dice);
  const now = world.now();
  const points = 1 + dice.below(120);
  const start = dice.chance(30) ? now + dice.below(48 * 60) * minute : now;
  const days = dice.chance(60) ? 1 + dice.below(8) : null;
  const shop = dice.chance(25) ? 'other' : null;
  const paysDebt = !dice.chance(25);
  await send(world, 'POST', `/v1/members/${world.memberIds[who.member]}/points`, {
    kind: 'grant',
    ...{ points, reason: 'simulation', pays_debt: paysDebt, starts_at: new Date(start).toISOString() },
    ...(days === null ? {} : { days }),
    ...(shop === null ? {} : { restriction: { shops: [shop] } }),
  });
  const end = days === null ? null : endOfDays(start, days);
  who.account.byHand += points;
  who.account.grant({ receipt: null, start, end, inactive: false, shop, paysDebt }, points, now);
  return null;
};

export const take: Operation = async (world, dice) => {
  const who = buyer(world, dice);
  const { available } = who.account.figures();
  const points = 1 + dice.below(40);
  const path = `/v1/members/${world.memberIds[who.member]}/points`;
  const answer = await world.house.call('POST', path, { kind: 'take', points, reason: 'simulation' });
  world.log.push(`${world.house.clock.now().toString()} POST ${path} take ${points} ${answer.status}`);
  expect(answer.status).toBe(points <= available ? 201 : 409);
  if (answer.status === 201) {
    who.account.take(points, 'any');
    who.account.byHand -= points;
  }
  return null;
};

/** Writes nothing (R18). */
export const quote: Operation = async (world, dice) => {
  const who = buyer(world, dice);
  const lines = cart(dice);
  const before = await fingerprint(world.house);
  const body = { shop: who.shop, member: who.reference, lines, redeem: 'max' };
  const sent = await send(world, 'POST', '/v1/checkout/quote', body);
  expect(await fingerprint(world.house)).toBe(before);
  if (world.blocked[who.member] === true) return sent;
  const redeemed = sumOf(who.account.choose(limitOf(rulesNow(world), lines), who.shop));
  expect(sent.answer['totals']).toMatchObject({
    sum: sumOfLines(lines),
    redeemed_points: redeemed,
    earned_points: earnedOf(rulesNow(world), lines, redeemed),
  });
  return sent;
};

export const publishOther: Operation = async (world, dice) => {
  const which = dice.below(programs.length);
  world.log.push(`${world.house.clock.now().toString()} publish ${which}`);
  await publish(world, which);
  return null;
};

export const block: Operation = async (world, dice) => {
  const { member } = buyer(world, dice);
  const blocked = world.blocked[member] !== true && dice.chance(50);
  const path = `/v1/members/${world.memberIds[member]}/${blocked ? 'block' : 'unblock'}`;
  await send(world, 'POST', path, blocked ? { reason: 'simulation' } : {});
  world.blocked[member] = blocked;
  return null;
};

/** Some minutes, hours or days; mostly nobody runs the due work (R7). */
export const pass: Operation = async (world, dice) => {
  const minutes = dice.pick([1, 14, 16, 60, 6 * 60, 24 * 60, 3 * 24 * 60]);
  world.house.clock.advance({ minutes, seconds: dice.below(60) });
  return dueWork(world, dice);
};

/** Straight to a midnight, where most terms end. */
export const toMidnight: Operation = async (world, dice) => {
  const day = world.house.clock.now().toZonedDateTimeISO('Europe/Moscow').toPlainDate().add({ days: 1 });
  world.house.clock.set(at(`${day.toString()}T00:00`));
  return dueWork(world, dice);
};

async function dueWork(world: World, dice: Dice): Promise<null> {
  const runs = dice.chance(35);
  world.log.push(`${world.house.clock.now().toString()} time passed${runs ? ', due work ran' : ''}`);
  if (!runs) return null;
  await world.house.runDue();
  // What due work has written: these can be edited no more, and confirmed all the same.
  for (const receipt of world.receipts) {
    const isOver =
      (receipt.order ? endOfDays(receipt.expiresFrom, 14) : receipt.expiresFrom + 15 * minute) <= world.now();
    if (receipt.state === 'held' && isOver) receipt.state = 'ended';
  }
  return null;
}
