import { describe, expect, it } from 'vitest';
import { diceOf, replayable, seedsToRun } from './dice.ts';
import type { Operation, Sent } from './operations.ts';
import * as operations from './operations.ts';
import { openWorld, type World } from './world.ts';

const { seeds, steps } = seedsToRun({ seeds: 3, steps: 120 });

const weights: readonly (readonly [Operation, number])[] = [
  [operations.sell, 20],
  [operations.sellLate, 6],
  [operations.hold, 12],
  [operations.edit, 6],
  [operations.confirm, 12],
  [operations.cancel, 4],
  [operations.giveBack, 16],
  [operations.grant, 6],
  [operations.take, 3],
  [operations.quote, 4],
  [operations.publishOther, 2],
  [operations.block, 2],
  [operations.pass, 12],
  [operations.toMidnight, 4],
];

/** After every step: balances are the naive ones, nothing is negative but debt, the books are clean, a repeat answers the same. */
async function check(world: World, sent: Sent | null): Promise<void> {
  for (const [index, account] of world.accounts.entries()) {
    account.settle(world.now());
    const { available, pending, reserved, debt, total } = await world.house.balance(world.memberIds[index] as string);
    expect({ member: index, available, pending, reserved, debt }).toEqual({ member: index, ...account.figures() });
    expect(total).toBe(available + pending + reserved);
    for (const figure of [available, pending, reserved, debt]) expect(figure).toBeGreaterThanOrEqual(0);
  }
  expect(await world.house.auditProblems()).toEqual([]);
  if (sent) expect(await world.house.ok(sent.method, sent.path, sent.body)).toEqual(sent.answer);
}

async function run(world: World, seed: number): Promise<void> {
  const dice = diceOf(seed);
  for (let step = 1; step <= steps; step += 1) {
    // Never two operations at one instant: their order would be the ids'.
    world.house.clock.advance({ seconds: 1 + dice.below(20) });
    for (const account of world.accounts) account.settle(world.now());
    const operation = dice.weighed(weights);
    world.log.push(`step ${step}`);
    await check(world, await operation(world, dice));
  }
  await returnEverything(world);
}

/** Everything bought comes back: what it earned is gone, what it redeemed is back (R22). */
async function returnEverything(world: World): Promise<void> {
  world.log.push('everything is returned');
  for (const receipt of world.receipts) {
    if (receipt.state !== 'confirmed' || receipt.complete) continue;
    await operations.returnOf(world, receipt, null);
    expect(receipt.complete).toBe(true);
  }
  await check(world, null);
  for (const account of world.accounts) {
    const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
    const burned = sum(account.lots.flatMap((lot) => lot.burned.map(({ points }) => points)));
    const { available, pending, reserved, debt } = account.figures();
    expect(available + pending + reserved + burned - debt).toBe(account.byHand);
  }
}

describe('random operations against accounts written from the rules a second time', () => {
  it.each(seeds)(
    'R5, R7, R18–R22: sums, repeats, quotes and balances hold after every step (seed %i)',
    async (seed) => {
      const world = await openWorld(seed);
      await expect(
        replayable({ seed, steps, log: world.log, house: world.house }, () => run(world, seed)),
      ).resolves.toBeUndefined();
    },
  );
});
