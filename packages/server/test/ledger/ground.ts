import { Temporal } from 'temporal-polyfill';
import { required } from '#kernel/assert.ts';
import { type Points, points } from '#kernel/points.ts';
import {
  type AccountState,
  type Decision,
  defaultLedgerSettings,
  figuresOf,
  grant,
  type LedgerContext,
  type LedgerDeps,
  type LedgerSettings,
  loadAccountOf,
  type NewLot,
  saveMovements,
  settle,
} from '#modules/ledger/index.ts';
import {
  createStanding,
  lockStanding,
  nextRevision,
  readStanding,
  saveStanding,
  withFigures,
} from '#modules/standing/index.ts';
import { virtualClock } from '#platform/clock.ts';
import { type Database, inTransaction, openDatabase, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase } from '#test/database.ts';

/** A real database with members that have nothing but a standing: what the ledger and standing need and no more. */
export interface Ground {
  readonly db: Database;
  readonly clock: ReturnType<typeof virtualClock>;
  readonly newId: () => string;
  readonly deps: LedgerDeps;
  member(): Promise<string>;
  /** Lock, load, settle, decide, save: as a use case does. */
  change(memberId: string, decide: (state: AccountState, context: LedgerContext) => Decision): Promise<AccountState>;
  give(memberId: string, amount: number, terms?: Partial<NewLot>): Promise<AccountState>;
  close(): Promise<void>;
}

export const system: Caller = {
  kind: 'system',
  id: 'test',
  name: 'test',
  integration: 'main',
  scopes: new Set(['admin']),
  shopIds: null,
  test: false,
};

export async function makeGround(settings: LedgerSettings = defaultLedgerSettings, poolSize = 4): Promise<Ground> {
  const database = await createTestDatabase();
  const db = openDatabase({ url: database.url, poolSize });
  const clock = virtualClock(Temporal.Instant.from('2026-03-01T09:00:00Z'));
  const newId = idMaker(clock, seededRandom(7));
  const deps: LedgerDeps = {
    db,
    newId,
    settings: () => settings,
    installationZone: 'Europe/Moscow',
    adjustMax: points(10_000),
    members: {
      resolve: async (handle, memberId) =>
        (await readStanding(handle, memberId)) === null ? null : { memberId, status: 'active', zone: null },
      familyOf: async (handle, memberId) => ((await readStanding(handle, memberId)) === null ? [] : [memberId]),
    },
  };
  const change: Ground['change'] = (memberId, decide) =>
    inTransaction(db, (tx) => changeWithin(tx, { memberId, decide, context: contextNow(clock, newId, settings) }));
  return {
    db,
    clock,
    newId,
    deps,
    member: async () => {
      const memberId = newId();
      await inTransaction(db, (tx) => createStanding(tx, { memberId, joinedAt: clock.now(), tierCode: null }));
      return memberId;
    },
    change,
    give: (memberId, amount, terms = {}) =>
      change(memberId, (state, context) =>
        grant(state, [lotOf(points(amount), { startsAt: clock.now(), ...terms })], context),
      ),
    close: async () => {
      await db.close();
      await database.drop();
    },
  };
}

function contextNow(clock: Ground['clock'], newId: () => string, settings: LedgerSettings): LedgerContext {
  const now = clock.now();
  return { now, recordedAt: now, newId, settings, zone: 'Europe/Moscow', causeKind: 'receipt', causeId: newId() };
}

interface Change {
  readonly memberId: string;
  readonly decide: Parameters<Ground['change']>[1];
  readonly context: LedgerContext;
}

async function changeWithin(tx: Tx, { memberId, decide, context }: Change): Promise<AccountState> {
  const standing = required(await lockStanding(tx, memberId), 'standing');
  const settled = settle(await loadAccountOf(tx, standing), context.now, context);
  const { state, movements } = decide(settled.state, context);
  const figures = figuresOf(state, context.now);
  await saveMovements(tx, [settled.movements, movements]);
  await saveStanding(
    tx,
    nextRevision(withFigures({ ...standing, inactivityDeadline: state.inactivityDeadline }, figures)),
  );
  return state;
}

export function lotOf(amount: Points, terms: Partial<NewLot> & Pick<NewLot, 'startsAt'>): NewLot {
  return {
    source: 'purchase',
    rule: 'base',
    points: amount,
    burnsAt: null,
    inactivityDays: null,
    restriction: null,
    funder: null,
    paysDebt: true,
    ...terms,
  };
}
