import type { CatalogPort } from '#modules/catalog/index.ts';
import type { ReadingRules } from '#modules/members/index.ts';
import type { ProgramPort } from '#modules/program/index.ts';
import type { BudgetReader } from '#modules/promotions/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { JoinableDatabase } from '#platform/db-joined.ts';
import type { NewId, Random } from '#platform/random.ts';

/** What checkout's use cases are built from; wiring makes it once. */
export interface CheckoutDeps {
  /** An exchange is two use cases in one transaction: `inOne`. */
  readonly db: JoinableDatabase;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly catalog: CatalogPort;
  readonly program: ProgramPort;
  readonly budgets: BudgetReader;
  readonly identityRules: ReadingRules;
  /** The installation's zone: for members and receipts that have no other (R3). */
  readonly zone: string;
}
