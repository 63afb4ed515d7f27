import { z } from 'zod';
import { earningSection } from './document/earning.ts';
import { shortText } from './document/pieces.ts';
import { promotionGroupsSection, promotionsSection } from './document/promotions.ts';
import { redeemingSection } from './document/redeeming.ts';
import {
  ceilingsSection,
  debtsSection,
  holdsSection,
  limitsSection,
  receiptSection,
  returnsSection,
  segmentsSection,
} from './document/settings.ts';
import { tiersSection } from './document/tiers.ts';

export const documentFormat = 1;

/** The program as a marketer sets it up: one versioned JSON document (R29). Everything that is absent has a default. */
export const programDocument = z.strictObject({
  format: z.literal(documentFormat),
  name: shortText,
  /** Minor units that a point is worth; fixed once points exist (R1). */
  point_value: z.int().min(1).max(1_000_000).default(100),
  tiers: tiersSection.prefault({}),
  earning: earningSection.prefault({}),
  redeeming: redeemingSection.prefault({}),
  receipt: receiptSection.prefault({}),
  ceilings: ceilingsSection.prefault({}),
  returns: returnsSection.prefault({}),
  holds: holdsSection.prefault({}),
  debts: debtsSection.prefault({}),
  limits: limitsSection.prefault({}),
  segments: segmentsSection,
  promotion_groups: promotionGroupsSection,
  promotions: promotionsSection,
});

/** With every default filled in. */
export type ProgramDocument = z.output<typeof programDocument>;
/** As written: defaults may be left out. */
export type ProgramDocumentInput = z.input<typeof programDocument>;
export type { BaseRate } from './document/earning.ts';
export type { Delay, Term } from './document/pieces.ts';
export type { Promotion, PromotionGroup } from './document/promotions.ts';
export type { Tier, TierCondition } from './document/tiers.ts';
