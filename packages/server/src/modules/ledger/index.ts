export type * from './domain/account.ts';
export type { AuditProblem } from './domain/audit.ts';
export {
  type Decision,
  defaultLedgerSettings,
  type LedgerContext,
  type LedgerSettings,
  type SettleContext,
} from './domain/context.ts';
export { forgiveDebts } from './domain/debts.ts';
export { type Burn, burnSchedule, type Figures, figuresAfter, figuresOf } from './domain/figures.ts';
export { forfeit } from './domain/forfeit.ts';
export { type GiveBackCommand, giveBack } from './domain/give-back.ts';
export { grant, type NewLot } from './domain/grant.ts';
export { datesOfGrant, type GrantDates, type GrantTerms } from './domain/grant-dates.ts';
export {
  type ConfirmCommand,
  type Confirmed,
  confirmHold,
  editHold,
  type HoldCommand,
  hold,
  releaseHold,
  spendFromHold,
} from './domain/hold.ts';
export {
  deadlineAfterReturn,
  disproveBurns,
  type LatePurchase,
  purchaseRenews,
  type ReturnOfLast,
  withMovements,
} from './domain/inactivity.ts';
export { type FigureChange, joinMovements, type Movements, noMovements } from './domain/movements.ts';
export { effectiveEnd, isSpendable, type SpendableLot, spendable, spendOrder } from './domain/order.ts';
export { type Settled, settle } from './domain/settle.ts';
export { spend, takeByHand } from './domain/spend.ts';
export { type SpentAnyway, type SureSpending, spendAnyway } from './domain/spend-anyway.ts';
export { type TakeBackCommand, type TakenBack, takeBack } from './domain/take-back.ts';
export { type AuditOptions, type AuditReport, audit } from './service/audit.ts';
export { type AskedAt, readAccount, readBalance, readBurnSchedule } from './service/balance.ts';
export type { LedgerDeps, LedgerMember, MemberPort } from './service/deps.ts';
export { type Granted, type GrantOrder, type GrantTo, grantPoints, grantsMax } from './service/grant-points.ts';
export { loadAccount } from './service/load-account.ts';
export {
  loadAccountOf,
  loadAccounts,
  loadBurnedLots,
  loadLotsOfCause,
  loadSpendableLots,
  type StandingForAccount,
  saveMovements,
  startAccount,
} from './store/account-store.ts';
export { loadLots, pointsExist } from './store/lot-store.ts';
