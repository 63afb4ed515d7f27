import { z } from 'zod';
import { done } from '#kernel/outcome.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import { personalCodesOf } from '../store/code-lookup.ts';
import { absorb, endEverything, readUseRows, readWindowRows, releaseAbsorbed } from '../store/member-part.ts';

const memento = z.object({
  windows: z.array(z.object({ from: z.string(), to: z.string() })),
  uses: z.array(z.object({ promotionCode: z.string(), uses: z.number() })),
  codeKeys: z.array(z.string()),
});

/** Personal codes, windows and uses of a person (R32, R34). Nothing here says who the person is: an erasure ends what could still be used. */
export const promotionsPart: MemberPart = {
  module: 'promotions',
  tables: ['promotions.promo_code', 'promotions.personal_window', 'promotions.member_use', 'promotions.use'],
  exportData: async (db, memberIds) => {
    const [codes, windows, uses] = await Promise.all([
      personalCodesOf(db, memberIds),
      readWindowRows(db, memberIds),
      readUseRows(db, memberIds),
    ]);
    return {
      promo_codes: codes.map(({ text, promotionCode, uses: count, createdAt, validUntil }) => {
        return {
          code: text,
          promotion: promotionCode,
          uses: count,
          created_at: createdAt.toString(),
          valid_until: validUntil?.toString() ?? null,
        };
      }),
      windows: windows.map(({ promotion_code: promotion, starts_at: from, ends_at: until, uses_left: left }) => {
        return { promotion, from: from.toString(), until: until.toString(), uses_left: left };
      }),
      uses: uses.map((use) => ({
        promotion: use.promotion_code,
        receipt_id: use.receipt_id,
        promo_code: use.code_key,
        discount: Number(use.discount),
        points: Number(use.points),
        state: use.state,
        at: use.taken_at.toString(),
      })),
    };
  },
  erase: async (tx, memberId, { now }) => {
    await endEverything(tx, memberId, now);
    return done(null);
  },
  merge: async (tx, pair, { newId }) => ({ ...(await absorb(tx, pair, newId)) }),
  unmerge: (tx, pair, before) => releaseAbsorbed(tx, pair, memento.parse(before)),
};
