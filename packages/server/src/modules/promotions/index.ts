export { codeKey } from './domain/code-key.ts';
export type { PromoCode } from './domain/promo-code.ts';
export type { GiveBackContext, PartBack, TakeContext } from './domain/use.ts';
export type { WindowGrant } from './domain/window.ts';
export { type BudgetReader, budgetReader, type KnownBudget, lockBudgets } from './service/budgets.ts';
export { ensureCounters } from './service/ensure-counters.ts';
export { cancelIssuedCodes, giveBackLimits, giveBackPart } from './service/give-back-limits.ts';
export { grantWindows } from './service/grant-windows.ts';
export {
  addImportedCode,
  type ImportedCode,
  type ImportedCodeRefusal,
  removeImportedCode,
} from './service/imported-codes.ts';
export { type CodeToIssue, issueCode } from './service/issue-code.ts';
export { loadForQuote, type MemberPromotions, type QuoteNeeds } from './service/load-for-quote.ts';
export { type CodeAsker, lookUpCodes } from './service/look-up-codes.ts';
export { promotionsPart } from './service/part.ts';
export { type BrokenLimit, brokenLimit, takeLimits } from './service/take-limits.ts';
export { endWindowsOfCause } from './store/windows.ts';
