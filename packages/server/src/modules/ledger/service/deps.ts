import type { Points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { Database, Db } from '#platform/db.ts';
import type { NewId } from '#platform/random.ts';
import type { CauseKind } from '../domain/account.ts';
import type { LedgerContext, LedgerSettings } from '../domain/context.ts';

/** Whom points belong to. `members` answers; wiring hands it in, because the ledger stands below. */
export interface MemberPort {
  /** Follows an alias to its survivor; null: no such member. */
  resolve(db: Db, memberId: string): Promise<LedgerMember | null>;
  /** The survivor and everyone merged into it, whichever is asked for; empty: no such member. */
  familyOf(db: Db, memberId: string): Promise<readonly string[]>;
}

export interface LedgerMember {
  readonly memberId: string;
  readonly status: 'active' | 'blocked' | 'merged' | 'erased';
  /** The member's own zone, else that of the shop of joining (R3); null: the installation's. */
  readonly zone: string | null;
}

export interface LedgerDeps {
  readonly db: Database;
  readonly newId: NewId;
  readonly members: MemberPort;
  /** What the published program sets; asked at every use, because publishing changes it. */
  readonly settings: () => LedgerSettings;
  readonly installationZone: string;
  /** The most points one adjustment by hand may grant or take (R30). */
  readonly adjustMax: Points;
}

export interface ContextOf {
  readonly now: Instant;
  readonly zone: string | null;
  readonly causeKind: CauseKind;
  readonly causeId: string;
}

export function contextOf(
  deps: Pick<LedgerDeps, 'newId' | 'settings' | 'installationZone'>,
  of: ContextOf,
): LedgerContext {
  const { now, zone, causeKind, causeId } = of;
  return {
    now,
    recordedAt: now,
    newId: deps.newId,
    settings: deps.settings(),
    zone: zone ?? deps.installationZone,
    causeKind,
    causeId,
  };
}

/** For reading only: nothing of what settling finds is written, so its rows need no ids of their own. */
export const unwrittenId = (): string => '';
