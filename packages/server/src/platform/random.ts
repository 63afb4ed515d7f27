import { randomFillSync } from 'node:crypto';
import { uuidv7 } from '#kernel/ids.ts';
import type { Clock } from './clock.ts';

/** Chance is handed in (R4): the system's for people, a seeded one for simulations. */
export interface Random {
  bytes(count: number): Uint8Array;
}

const poolSize = 4096;

/** Draws from a pool, because a system call for every id costs more than the id. */
export function systemRandom(): Random {
  const pool = new Uint8Array(poolSize);
  let used = poolSize;
  return {
    bytes: (count) => {
      if (count > poolSize) return randomFillSync(new Uint8Array(count));
      if (used + count > poolSize) {
        randomFillSync(pool);
        used = 0;
      }
      used += count;
      return pool.slice(used - count, used);
    },
  };
}

/** xorshift128 from a printed seed: the same seed makes the same year. Not for secrets. */
export function seededRandom(seed: number): Random {
  const state = new Uint32Array([seed >>> 0 || 1, 0x9e3779b9, 0x243f6a88, 0xb7e15162]);
  const next = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const t = a ^ (a << 11);
    state.set([b, c, d, d ^ (d >>> 19) ^ t ^ (t >>> 8)]);
    return state[3] ?? 0;
  };
  for (let warmUp = 0; warmUp < 16; warmUp += 1) next();
  return { bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff) };
}

/** Makes ids of rows that grow with members: ordered by time, made by the program. */
export type NewId = () => string;

export function idMaker(clock: Clock, random: Random): NewId {
  return () => uuidv7(clock.now().epochMilliseconds, random.bytes(10));
}
