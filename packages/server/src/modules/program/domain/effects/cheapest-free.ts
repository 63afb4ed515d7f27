import { z } from 'zod';
import { shareRound } from '#kernel/rate.ts';
import { field, percentText, rateOf } from '../document/pieces.ts';
import { effectKind } from '../rule-kind.ts';
import type { WorkLine } from '../worksheet.ts';

export const cheapestFree = effectKind({
  code: 'cheapest_free',
  label: { ru: 'N + M: самые дешёвые бесплатно', en: 'N + M: the cheapest free' },
  schema: z.strictObject({
    kind: z.literal('cheapest_free'),
    paid: field(z.int().min(1).max(1_000), {
      ru: 'Сколько оплачивают (N)',
      en: 'Paid for (N)',
      widget: 'number',
      unit: 'pieces',
    }),
    free: field(z.int().min(1).max(1_000), {
      ru: 'Сколько бесплатно (M)',
      en: 'Free (M)',
      widget: 'number',
      unit: 'pieces',
    }).default(1),
    percent: field(percentText, {
      ru: 'Скидка на них',
      en: 'Discount on those',
      widget: 'percent',
      unit: 'percent',
    }).default('100'),
    of: field(z.enum(['all', 'each_set']), {
      ru: 'Самые дешёвые: из всех или в каждом наборе (от дорогих к дешёвым)',
      en: 'The cheapest of all, or of each set (dearest first)',
      widget: 'choice',
    }).default('all'),
    sets_max: field(z.int().min(1).max(10_000), {
      ru: 'Наборов в чеке не больше',
      en: 'Sets per receipt at most',
      widget: 'number',
      unit: 'times',
    }).default(10_000),
  }),
  prepare: (args) => {
    const set = BigInt(args.paid + args.free);
    const rate = rateOf(args.percent);
    return {
      phase: 'price',
      args: { paid: args.paid, free: args.free, percent: args.percent },
      takesOff: ({ lines }) => {
        const runs = dearestFirst(lines);
        const units = runs.reduce((sum, run) => sum + run.units, 0n);
        const whole = units / set;
        const sets = whole < BigInt(args.sets_max) ? whole : BigInt(args.sets_max);
        const off = lines.map(() => 0n);
        let before = 0n;
        for (const run of runs) {
          const free =
            args.of === 'all'
              ? overlap(before, before + run.units, units - sets * BigInt(args.free), units)
              : freePlaces(before + run.units, { set, paid: BigInt(args.paid), sets }) -
                freePlaces(before, { set, paid: BigInt(args.paid), sets });
          off[run.place] = shareRound((run.price * free) / run.units, rate);
          before += run.units;
        }
        return off;
      },
    };
  },
  sentence: {
    ru: '{paid} + {free}: скидка {percent} % на самые дешёвые',
    en: '{paid} + {free}: {percent} % off the cheapest',
  },
});

interface Run {
  readonly place: number;
  readonly units: bigint;
  readonly price: bigint;
}

/** Whole pieces only: what is weighed cannot be one of a set. Lines are runs of equal pieces, so that 10,000 pieces cost no more than one. */
function dearestFirst(lines: readonly WorkLine[]): Run[] {
  const runs: Run[] = [];
  for (const [place, line] of lines.entries()) {
    if (line.quantity % 1000n !== 0n) continue;
    runs.push({ place, units: line.quantity / 1000n, price: line.price });
  }
  return runs.sort((a, b) => {
    const difference = b.price * a.units - a.price * b.units;
    return difference > 0n ? 1 : difference < 0n ? -1 : a.place - b.place;
  });
}

function overlap(from: bigint, until: bigint, first: bigint, end: bigint): bigint {
  const left = from > first ? from : first;
  const right = until < end ? until : end;
  return right > left ? right - left : 0n;
}

/** How many of the first `count` pieces are free when the last ones of each set are. */
function freePlaces(count: bigint, sets: { set: bigint; paid: bigint; sets: bigint }): bigint {
  const within = count < sets.set * sets.sets ? count : sets.set * sets.sets;
  const rest = within % sets.set;
  return (within / sets.set) * (sets.set - sets.paid) + (rest > sets.paid ? rest - sets.paid : 0n);
}
