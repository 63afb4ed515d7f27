import type { CatalogPort } from '#modules/catalog/index.ts';
import type { Database, Db, Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { NewId } from '#platform/random.ts';
import type { ProgramDocument } from '../domain/document.ts';
import type { LegalProfile } from '../domain/legal/profile.ts';
import type { ValidationContext } from '../domain/validate/context.ts';
import type { ProgramPort } from './program-port.ts';

/** What the program's use cases are built from; what belongs to modules above comes in as a function. */
export interface ProgramDeps {
  readonly db: Database;
  readonly newId: NewId;
  readonly port: ProgramPort;
  readonly catalog: CatalogPort;
  /** The installation's; no document changes it (R13). */
  readonly legalProfile: LegalProfile;
  /** The installation's zone. */
  readonly zone: string;
  /** Does anybody have points? Then what one is worth is fixed (R1). The ledger answers. */
  readonly pointsExist: (db: Db) => Promise<boolean>;
  /** Told in the transaction that publishes: promotions keeps a counter for each total limit (R25). */
  readonly published: (tx: Tx, document: ProgramDocument) => Promise<void>;
  /** The segments module reads rule trees. */
  readonly segmentsCheck: ValidationContext['segmentsCheck'];
}

export type Actor = Pick<Caller, 'kind' | 'id' | 'name'>;
