import type { CatalogDeps } from '#modules/catalog/index.ts';
import type { LedgerSettings } from '#modules/ledger/index.ts';
import type { RegisterDeps } from '#modules/members/index.ts';
import type { TiersSection } from '#modules/tiers/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { JoinableDatabase } from '#platform/db-joined.ts';
import type { DueWork } from '#platform/module.ts';
import type { NewId } from '#platform/random.ts';
import type { FilePort } from '../domain/file-port.ts';
import type { ReplayPort } from './replay-port.ts';

export interface ImportsDeps {
  /** Batches of other modules' use cases and the checkpoint are one transaction: `inOne`. */
  readonly db: JoinableDatabase;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly files: FilePort;
  /** The installation's zone, for times without one. */
  readonly zone: string;
  readonly members: RegisterDeps;
  readonly catalog: CatalogDeps;
  /** What of the published program lots and tiers need; null: none is published. */
  readonly program: () => ProgramSettings | null;
  /** checkout's `replay`, with its own dependencies bound to the same `db`. */
  readonly replay: ReplayPort;
  /** Due work of ledger and tiers: run up to the virtual time of a replay, so that burns and reviews happen in their order. */
  readonly dueWork: () => readonly DueWork[];
  /** Every table with a member_id, as schema.table: all modules' parts. Undo takes a member's rows out of each. */
  readonly memberTables: () => readonly string[];
}

export interface ProgramSettings {
  readonly tiers: TiersSection;
  readonly ledger: LedgerSettings;
}
