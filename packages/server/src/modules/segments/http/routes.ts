import * as contract from '@kopilka/contract/segments';
import { z } from 'zod';
import { done, refused } from '#kernel/outcome.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { memberFields, previewSegment, type SegmentsDeps } from '../service/preview.ts';

export function segmentsRoutes(deps: SegmentsDeps): MountedRoute[] {
  return [
    handler(contract.previewSegment, async ({ body, now }) => {
      const preview = await previewSegment(deps, { rule: body.rule, sample: body.sample, now });
      if (!preview.ok) return refused(preview.refusal);
      return done({ count: Number(preview.value.count), sample_member_ids: [...preview.value.memberIds] });
    }),
    handler(contract.listSegmentFields, () =>
      done({
        items: memberFields.map(({ code, sentence, inQuote, args }) => {
          return { code, sentence, in_promotions: inQuote, args: z.toJSONSchema(args, { io: 'input' }) };
        }),
      }),
    ),
  ];
}
