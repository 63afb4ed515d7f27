export type * from './domain/account.ts';
export {
  type Decision,
  defaultLedgerSettings,
  type LedgerContext,
  type LedgerSettings,
  type SettleContext,
} from './domain/context.ts';
export { type FigureChange, joinMovements, type Movements, noMovements } from './domain/movements.ts';
