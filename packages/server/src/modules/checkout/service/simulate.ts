import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { endOfDay, type Instant, type PlainDate, startOfDay } from '#kernel/time.ts';
import { loadShops } from '#modules/catalog/index.ts';
import {
  type CompiledProgram,
  compileProgram,
  type ProgramDeps,
  type ProgramProblem,
  readDraft,
  validateFor,
} from '#modules/program/index.ts';
import type { PastReceipt } from '../domain/past-receipt.ts';
import {
  type Difference,
  type Extremes,
  noteDifference,
  reportOf,
  type SideReport,
} from '../domain/simulation-tally.ts';
import { countPastReceipts } from '../store/past-receipts.ts';
import { shopOfReceipt } from './shop-of-receipt.ts';
import { readMembersBefore } from './simulate-members.ts';
import { readPast } from './simulate-read.ts';
import { openMember, openSide, type PastSale, type Side, sellAgain } from './simulate-side.ts';

/** Only what the program is built from: no simulation can reach what a sale writes with. */
export type SimulationDeps = ProgramDeps;

export interface Simulation {
  /** Local days of the installation, both included. */
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** null: the saved draft. */
  readonly document: unknown;
  readonly now: Instant;
  /** null: all of the period. */
  readonly receiptsMax: number | null;
  /** How many receipts there are to sell again. */
  readonly onTotal?: (receipts: number) => void;
  readonly onProgress?: (receipts: number) => void;
  readonly signal?: AbortSignal;
}

export interface SimulationReport {
  readonly receipts: number;
  /** false: there are more in the period, past `receiptsMax` or the stop. */
  readonly complete: boolean;
  readonly published: SideReport;
  readonly draft: SideReport;
  readonly winners: readonly DifferenceInShop[];
  readonly losers: readonly DifferenceInShop[];
}

export interface DifferenceInShop extends Difference {
  readonly shopCode: string;
}

export type SimulationRefusal =
  | {
      readonly code: 'draft_invalid';
      readonly field: string;
      readonly problems: readonly ProgramProblem[];
      readonly details: { readonly problems: readonly string[] };
    }
  | { readonly code: 'draft_not_found' | 'program_not_published' }
  | { readonly code: 'period_invalid'; readonly field: '/to' };

/**
 * Past receipts through a draft and through the published version (R29), sold again one after another with nothing but memory between them.
 * Nothing is written. What it takes for granted is listed in docs/manual/marketer/simulation.md.
 */
export async function simulateProgram(
  deps: SimulationDeps,
  simulation: Simulation,
): Promise<Outcome<SimulationReport, SimulationRefusal>> {
  const period = periodOf(deps, simulation);
  if (!period.ok) return period;
  const published = deps.port.current();
  if (published === null) return refused({ code: 'program_not_published' });
  const draft = await compileDraft(deps, published, simulation);
  if (!draft.ok) return draft;
  const sides = {
    published: openSide(published, period.value.from),
    draft: openSide(draft.value, period.value.from),
  };
  return done(await replayBoth(deps, { sides, simulation, ...period.value }));
}

interface Period {
  readonly from: Instant;
  readonly until: Instant;
}

/** Ten years. Each day's burns and reviews are walked through, receipts or not: a mistyped century would keep the tills waiting. */
const daysMax = 3_660;

function periodOf(
  { zone }: SimulationDeps,
  { from, to }: Simulation,
): Outcome<Period, { readonly code: 'period_invalid'; readonly field: '/to' }> {
  const { days } = from.until(to);
  if (days < 0 || days > daysMax) return refused({ code: 'period_invalid', field: '/to' });
  return done({ from: startOfDay(from, zone), until: endOfDay(to, zone) });
}

const problemsShown = 20;

async function compileDraft(
  deps: SimulationDeps,
  { version }: CompiledProgram,
  { document, now }: Simulation,
): Promise<Outcome<CompiledProgram, SimulationRefusal>> {
  const saved = document === null ? await readDraft(deps, now) : null;
  if (saved !== null && !saved.ok) return saved;
  const json = saved === null ? document : saved.value.document;
  const validation = await validateFor(deps, deps.db, { json, now });
  if (validation.ok) {
    const { legalProfile, zone } = deps;
    return done(compileProgram(validation.document, { version: version + 1, legalProfile, zone }));
  }
  const { problems } = validation;
  const errors = problems.filter(({ severity }) => severity === 'error');
  return refused({
    code: 'draft_invalid',
    field: errors[0]?.path ?? '',
    problems,
    details: { problems: errors.slice(0, problemsShown).map(({ path, message }) => `${path}: ${message.en}`) },
  });
}

interface Replaying extends Period {
  readonly sides: { readonly published: Side; readonly draft: Side };
  readonly simulation: Simulation;
}

async function replayBoth(deps: SimulationDeps, replaying: Replaying): Promise<SimulationReport> {
  const { sides, simulation, from, until } = replaying;
  const { receiptsMax, signal } = simulation;
  // Closed ones too: history names them.
  const shops = await loadShops(deps.db);
  const slice = { shopIds: shops.map(({ shopId }) => shopId), from, until };
  const total = await countPastReceipts(deps.db, slice);
  simulation.onTotal?.(Math.min(total, receiptsMax ?? total));
  const extremes: Extremes = { winners: [], losers: [] };
  let receipts = 0;
  for await (const page of readPast(deps.db, slice)) {
    const wanted = receiptsMax === null ? page : page.slice(0, receiptsMax - receipts);
    await openMembers(deps, replaying, wanted);
    for (const past of wanted) {
      const sale = saleOf(deps, past);
      const before = sellAgain(sides.published, sale);
      noteDifference(extremes, past, sellAgain(sides.draft, sale) - before);
    }
    receipts += wanted.length;
    simulation.onProgress?.(wanted.length);
    if (signal?.aborted === true || receipts === receiptsMax) break;
  }
  const inShop = (difference: Difference): DifferenceInShop => ({
    ...difference,
    shopCode: shopOfReceipt(deps, difference).code,
  });
  return {
    receipts,
    complete: receipts >= total,
    published: reportOf(sides.published.tally, sides.published.program),
    draft: reportOf(sides.draft.tally, sides.draft.program),
    winners: extremes.winners.map(inShop),
    losers: extremes.losers.map(inShop),
  };
}

/** Who has not been met yet is read once, for both sides. */
async function openMembers(
  deps: SimulationDeps,
  { sides, from }: Replaying,
  page: readonly PastReceipt[],
): Promise<void> {
  const firsts = new Map<string, PastReceipt>();
  for (const past of page) {
    const { memberId } = past;
    if (memberId !== null && !sides.draft.members.has(memberId) && !firsts.has(memberId)) firsts.set(memberId, past);
  }
  const programs = [sides.published.program, sides.draft.program];
  for (const before of await readMembersBefore(deps.db, firsts, { deps, programs, from })) {
    openMember(sides.published, before);
    openMember(sides.draft, before);
  }
}

function saleOf(deps: SimulationDeps, past: PastReceipt): PastSale {
  const catalog = deps.catalog.snapshot();
  const productOf = (sku: string) => catalog.productBySku(sku);
  return {
    past,
    shop: shopOfReceipt(deps, past),
    lines: past.lines.map((line) => ({ ...line, product: line.sku === null ? null : productOf(line.sku) })),
    productOf,
  };
}
