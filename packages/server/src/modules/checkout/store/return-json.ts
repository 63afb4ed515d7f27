import { z } from 'zod';
import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import type { ReturnResult } from '../domain/return.ts';

const asPoints = z.int().transform((whole) => points(whole));

const resultSchema = z.object({
  pointsGivenBack: asPoints,
  pointsTakenBack: asPoints,
  pointsBurnedAlready: asPoints,
  debtMade: asPoints,
  lines: z.array(
    z.object({
      lineId: z.string(),
      quantity: z.int().transform((whole) => BigInt(whole)),
      money: z.int().transform((whole) => money(whole)),
      pointsGivenBack: asPoints,
      pointsTakenBack: asPoints,
    }),
  ),
  complete: z.boolean(),
  balance: z.object({ available: asPoints, pending: asPoints, reserved: asPoints, debt: asPoints }).nullable(),
  tierAfter: z.string().nullable(),
});

export function returnResultFromJson(json: unknown): ReturnResult {
  return resultSchema.parse(json);
}
