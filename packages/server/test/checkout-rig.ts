// A small chain over a database of its own: catalog, members, program and checkout as wiring mounts them. For tests of checkout.
import { Temporal } from 'temporal-polyfill';
import { phoneRegion } from '#kernel/phone.ts';
import { points } from '#kernel/points.ts';
import { loadSnapshot, putProduct, putShop } from '#modules/catalog/index.ts';
import {
  type CheckoutDeps,
  type ConfirmCommand,
  checkoutPart,
  type FiscalRequisites,
  type ReturnCommand,
} from '#modules/checkout/index.ts';
import { defaultLedgerSettings, type LedgerDeps } from '#modules/ledger/index.ts';
import { mountLedger } from '#modules/ledger/mount.ts';
import { familyOf, type MembersDeps, registerMember, resolveMember } from '#modules/members/index.ts';
import { loadProgram, type ProgramDeps, publishDraft, russia, saveDraft } from '#modules/program/index.ts';
import { budgetReader, ensureCounters, promotionsPart } from '#modules/promotions/index.ts';
import { standingHooks } from '#modules/standing/index.ts';
import { mountStanding } from '#modules/standing/mount.ts';
import { tiersPart } from '#modules/tiers/index.ts';
import { type VirtualClock, virtualClock } from '#platform/clock.ts';
import { inTransaction, openDatabase } from '#platform/db.ts';
import { type JoinableDatabase, joinable } from '#platform/db-joined.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import { idMaker, seededRandom } from '#platform/random.ts';
import { createTestDatabase } from './database.ts';
import { membersDeps, testCaller } from './members.ts';

export interface CheckoutRig {
  readonly db: JoinableDatabase;
  readonly clock: VirtualClock;
  readonly deps: CheckoutDeps;
  readonly members: MembersDeps;
  publish(document: Record<string, unknown>): Promise<number>;
  shop(code: string, more?: { zone?: string; test?: boolean }): Promise<void>;
  product(sku: string, rubles: number): Promise<void>;
  member(phone: string, more?: { test?: boolean }): Promise<string>;
  end(): Promise<void>;
}

export interface SaleWords {
  readonly id: string;
  readonly shop?: string;
  readonly phone?: string | undefined;
  /** Rubles, one line of one piece each, numbered from 1. */
  readonly sums: readonly number[];
  readonly skus?: readonly string[];
  readonly at?: Temporal.Instant;
  readonly redeem?: 'max' | number;
  readonly fiscal?: readonly FiscalRequisites[];
  readonly caller?: Caller;
}

/** A sale as a till sends it. */
export function saleOf(clock: VirtualClock, words: SaleWords): ConfirmCommand {
  const { redeem = 0 } = words;
  return {
    id: words.id,
    content: {
      shopCode: words.shop ?? 'main',
      at: words.at ?? null,
      member: words.phone === undefined ? null : { kind: 'phone', value: words.phone },
      lines: words.sums.map((sum, index) => ({
        lineId: String(index + 1),
        sku: words.skus?.[index] ?? null,
        barcode: null,
        quantity: 1000n,
        sum: BigInt(sum) * 100n,
        tillDiscount: 0n,
        kind: null,
      })),
      promoCodes: [],
      redeem: redeem === 'max' ? 'max' : points(redeem),
    },
    ...{ paid: false, printed: null, moreToCome: false, partId: null, cashier: null },
    fiscal: words.fiscal ?? [],
    caller: words.caller ?? testCaller,
    now: clock.now(),
  };
}

export function fiscalOf(document: string, purpose: FiscalRequisites['purpose'] = 'sale'): FiscalRequisites {
  return { drive: '9960440300000001', document, sign: '1', at: null, sum: null, lineIds: null, purpose };
}

/** A whole return of a sale. */
export function returnOf(clock: VirtualClock, words: { id: string; sale: string; lines?: string[] }): ReturnCommand {
  const lines = words.lines?.map((lineId) => ({ lineId, quantity: 1000n, sum: null })) ?? null;
  return {
    ...{ id: words.id, shopCode: 'main', at: null, receipt: { id: words.sale, shopCode: null } },
    ...{ wish: { lines, sum: null }, moneyReturned: null, caller: testCaller, now: clock.now() },
  };
}

export function valueOf<Value>(outcome: { ok: true; value: Value } | { ok: false; refusal: { code: string } }): Value {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.code}`);
  return outcome.value;
}

export const rigStart = Temporal.Instant.from('2026-03-02T09:00:00Z');
const zone = 'Europe/Moscow';

export async function startCheckout(): Promise<CheckoutRig> {
  const database = await createTestDatabase();
  const db = joinable(openDatabase({ url: database.url, poolSize: 8 }));
  const clock = virtualClock(rigStart);
  const random = seededRandom(11);
  const newId = idMaker(clock, random);
  const catalog = await loadSnapshot(db);
  const program = await loadProgram(db, { legalProfile: russia, zone });
  const identityRules = { region: phoneRegion('RU'), cardPrefix: '290' };
  const deps: CheckoutDeps = {
    ...{ db, clock, newId, random, catalog, program, zone, identityRules },
    budgets: budgetReader(db, clock),
  };
  const members = membersDeps(db, clock, {
    newId,
    hooks: standingHooks(() => program.current()?.document.tiers.list[0]?.code ?? null),
    parts: () => partsOf(deps),
  });
  const programDeps: ProgramDeps = {
    ...{ db, newId, port: program, catalog, legalProfile: russia, zone },
    pointsExist: () => Promise.resolve(false),
    published: (tx, document) => ensureCounters(tx, document),
    segmentsCheck: () => [],
  };
  const catalogDeps = { db, clock, newId, catalog };
  return {
    ...{ db, clock, deps, members },
    publish: async (document) => {
      const now = clock.now();
      await saveDraft(programDeps, { document: { format: 1, name: 'rig', ...document }, caller: testCaller, now });
      const published = await publishDraft(programDeps, { comment: 'rig', caller: testCaller, now });
      if (!published.ok) throw new Error(JSON.stringify(published.refusal));
      return published.value.number;
    },
    shop: async (code, more = {}) => {
      const put = { code, name: code, zone, channel: 'pos', ...more } as const;
      expectDone(await putShop(catalogDeps, put, testCaller));
    },
    product: async (sku, rubles) => {
      const fields = { name: sku, price: BigInt(rubles) * 100n } as never;
      expectDone(await putProduct(catalogDeps, { sku, fields }, testCaller));
    },
    member: async (phone, more = {}) => {
      const identities = [{ kind: 'phone', value: phone }];
      const command = { identities, origin: 'live', source: 'till', registeredBy: 'tests', ...more } as const;
      const registered = await inTransaction(db, (tx) =>
        registerMember(tx, members, { ...command, onExisting: 'refuse', now: clock.now() }),
      );
      if (!registered.ok) throw new Error(registered.refusal.code);
      return registered.value.memberId;
    },
    end: async () => {
      await db.close();
      await database.drop();
    },
  };
}

/** Lowest first, as wiring lists them. */
function partsOf(deps: CheckoutDeps): MemberPart[] {
  const { db, newId, program } = deps;
  const ledgerDeps: LedgerDeps = {
    ...{ db, newId, installationZone: zone, settings: () => defaultLedgerSettings, adjustMax: 1_000_000n as never },
    members: {
      resolve: async (handle, memberId) => {
        const member = await resolveMember(handle, memberId);
        return member && { memberId: member.memberId, status: member.status, zone: member.zone };
      },
      familyOf,
    },
  };
  const people = {
    resolve: async (memberId: string) => (await resolveMember(db, memberId))?.memberId ?? null,
    zones: (_db: unknown, ids: readonly string[]) => Promise.resolve(new Map(ids.map((id) => [id, zone]))),
  };
  const parts = [
    mountStanding().part,
    mountLedger(ledgerDeps).part,
    promotionsPart,
    tiersPart({ db, newId, program, people }),
    checkoutPart,
  ];
  return parts.filter((part) => part !== undefined);
}

function expectDone(outcome: { ok: boolean; refusal?: { code: string } }): void {
  if (!outcome.ok) throw new Error(outcome.refusal?.code);
}
