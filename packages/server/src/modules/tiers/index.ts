export {
  noProgress,
  positionOf,
  progressAfterPurchase,
  progressAfterReturn,
  settleTier,
  type TierDecision,
  tierNeedsSettling,
} from './domain/decide.ts';
export { earliestDay, startingTier } from './domain/qualify.ts';
export type {
  DayProgress,
  ManualTier,
  TierCause,
  TierChange,
  TierPosition,
  TierProgress,
  TierRaise,
  TiersSection,
} from './domain/tier.ts';
export { addCounter } from './service/change-tier.ts';
export type { People, TiersDeps } from './service/deps.ts';
export { tierFacts } from './service/facts.ts';
export { tiersPart } from './service/part.ts';
export { type MemberTierView, type NextTier, nextTier, readMemberTier } from './service/read-tier.ts';
export { type CausedChange, type SavingContext, saveTierChanges } from './service/save-tier-changes.ts';
export { loadTierRaise, readTierHistory } from './store/changes.ts';
export { loadTierProgress, saveTierProgress, type UnsavedProgress } from './store/progress.ts';
