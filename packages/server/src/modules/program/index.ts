export type {
  BudgetLeft,
  Cart,
  CartLine,
  CodeInHand,
  MemberInQuote,
  MemberUse,
  PersonalWindow,
  QuoteInput,
  RedeemWish,
  SpendableLot,
} from './domain/cart.ts';
export { type CatalogInput, type CatalogPrice, type CatalogQuote, catalogQuote } from './domain/catalog-quote.ts';
export { type CompileOptions, compileProgram } from './domain/compile.ts';
export type { CompiledProgram, CompiledPromotion, CompiledTier, LotTerms } from './domain/compiled.ts';
export {
  type BaseRate,
  type Delay,
  documentFormat,
  type ProgramDocument,
  type ProgramDocumentInput,
  type Promotion,
  type PromotionGroup,
  programDocument,
  type Term,
  type Tier,
  type TierCondition,
} from './domain/document.ts';
export type { LegalProfile, LegalRule } from './domain/legal/profile.ts';
export { russia } from './domain/legal/russia.ts';
export { datesOfLot, earningTerms, type LotDates } from './domain/lot-dates.ts';
export { type QuoteOptions, quote } from './domain/quote.ts';
export type {
  Earning,
  Explanation,
  LotSpend,
  NextCode,
  PromotionUse,
  Quote,
  QuoteFlag,
  QuoteLine,
  QuoteTotals,
  TotalLimit,
} from './domain/quote-result.ts';
export { programJsonSchema, type RuleForm, ruleForms } from './domain/rule-forms.ts';
export { describePromotion } from './domain/sentences/describe.ts';
export { diffProgram } from './domain/sentences/diff.ts';
export { explain } from './domain/sentences/explain.ts';
export { formatMoney, type Language } from './domain/sentences/format.ts';
export { printedRule } from './domain/steps/printed.ts';
export type { ValidationContext } from './domain/validate/context.ts';
export type { ProgramProblem } from './domain/validate/problem.ts';
export { readPublished, type Validation, validateProgram } from './domain/validate.ts';
export type { Draft, NewVersion, ProgramVersion } from './domain/version.ts';
export { type CheckedDocument, checkDocument, validateFor } from './service/check-draft.ts';
export type { ProgramDeps } from './service/deps.ts';
export { readDraft, type SaveDraft, saveDraft, saveDraftIn } from './service/draft.ts';
export { loadProgram, type ProgramOptions } from './service/load-program.ts';
export type { ProgramPort } from './service/program-port.ts';
export { type Publish, publishDraft, type RollBack, rollBackProgram } from './service/publish.ts';
export { type ReadVersion, readVersion } from './service/read-versions.ts';
