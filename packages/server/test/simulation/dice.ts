import { seededRandom } from '#platform/random.ts';
import type { House } from '../house.ts';

export interface Dice {
  /** 0 … below − 1. */
  below(count: number): number;
  chance(percent: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
  /** By weight. */
  weighed<Value>(values: readonly (readonly [Value, number])[]): Value;
}

export function diceOf(seed: number): Dice {
  const random = seededRandom(seed);
  const below = (most: number) => random.bytes(4).reduce((number, byte) => number * 256 + byte, 0) % most;
  const pick = <Value>(values: readonly Value[]): Value => {
    const value = values[below(values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  };
  return {
    below,
    pick,
    chance: (percent) => below(100) < percent,
    weighed: (values) => pick(values.flatMap(([value, weight]) => Array.from({ length: weight }, () => value))),
  };
}

/** The seeds of this run: replay one with KOPILKA_SIM_SEED, more of them with KOPILKA_SIM_SEEDS, longer ones with KOPILKA_SIM_STEPS. */
export function seedsToRun(usual: { seeds: number; steps: number }): { seeds: number[]; steps: number } {
  const asked = process.env['KOPILKA_SIM_SEED'];
  const count = Number(process.env['KOPILKA_SIM_SEEDS'] ?? usual.seeds);
  return {
    seeds: asked === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(asked)],
    steps: Number(process.env['KOPILKA_SIM_STEPS'] ?? usual.steps),
  };
}

/** Tells how a failed run came to it and how to see it again; closes the house in any case. */
export async function replayable(
  run: { seed: number; steps: number; log: readonly string[]; house: House },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(`${run.log.join('\n')}\nreplay: KOPILKA_SIM_SEED=${run.seed} KOPILKA_SIM_STEPS=${run.steps}`);
    throw error;
  } finally {
    await run.house.close();
  }
}
