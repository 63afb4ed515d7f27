import type { CompiledPromotion } from '../compiled.ts';
import type { SentenceArgs } from '../rule-kind.ts';
import type { GroupState, OpenPromotion, Worksheet } from '../worksheet.ts';
import { worth } from './worth.ts';

interface GroupRefusal {
  readonly code: 'group_taken' | 'group_better' | 'group_excluded';
  readonly args: SentenceArgs;
}

/** Why a promotion's group keeps it off this receipt; null: it does not (R12). */
export function groupRefusal(sheet: Worksheet, { promotion }: OpenPromotion): GroupRefusal | null {
  if (promotion.group === null) return null;
  const compiled = sheet.program.groups.get(promotion.group);
  if (!compiled) return null;
  for (const enemy of compiled.enemies) {
    const fired = sheet.groups.get(enemy)?.firedCode ?? null;
    if (fired !== null) return { code: 'group_excluded', args: { by: fired } };
  }
  const state = groupState(sheet, promotion);
  const { mode } = compiled.group;
  if (mode === 'exclusive' && state.firedCode !== null) return { code: 'group_taken', args: { by: state.firedCode } };
  if (mode === 'best' && state.winner !== null && state.winner !== promotion) {
    return { code: 'group_better', args: { by: state.winner.code } };
  }
  return null;
}

/** Of a promotion in a group that sums percents: what is known of the group; else null. */
export function sumGroup(sheet: Worksheet, promotion: CompiledPromotion): GroupState | null {
  if (promotion.group === null || sheet.program.groups.get(promotion.group)?.group.mode !== 'sum') return null;
  return groupState(sheet, promotion);
}

export function markFired(sheet: Worksheet, promotion: CompiledPromotion): void {
  if (promotion.group === null) return;
  const state = sheet.groups.get(promotion.group);
  if (state) state.firedCode ??= promotion.code;
}

/** Made when the first of a group has its turn: a best-of group chooses then. */
function groupState(sheet: Worksheet, promotion: CompiledPromotion): GroupState {
  const code = promotion.group ?? '';
  const known = sheet.groups.get(code);
  if (known) return known;
  const best = sheet.program.groups.get(code)?.group.mode === 'best';
  const shelfBase = sheet.program.document.receipt.promotions_base === 'shelf';
  const state: GroupState = {
    winner: best ? bestOf(sheet, code) : null,
    firedCode: null,
    bases: sheet.lines.map((line) => (shelfBase ? line.shelf : line.price)),
    rates: sheet.lines.map(() => 0n),
  };
  sheet.groups.set(code, state);
  return state;
}

/** Largest discount + points × point value; ties: priority, then the older — which is the order of `open`, codes by their own priority. */
function bestOf(sheet: Worksheet, group: string): CompiledPromotion | null {
  const candidates = sheet.open
    .map(({ promotion }) => promotion)
    .filter((promotion) => promotion.group === group)
    .toSorted((a, b) => b.promotion.priority - a.promotion.priority);
  let winner: CompiledPromotion | null = null;
  let most = 0n;
  for (const candidate of candidates) {
    const value = worth(sheet, candidate);
    if (value > most) {
      winner = candidate;
      most = value;
    }
  }
  return winner;
}
