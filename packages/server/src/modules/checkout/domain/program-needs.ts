import type { CompiledProgram, Term } from '#modules/program/index.ts';

/** What of a member a program can ask about at all: what it cannot is not loaded. Made once per version. */
export interface ProgramNeeds {
  readonly windows: boolean;
  readonly uses: boolean;
  readonly tierProgress: boolean;
  readonly segments: boolean;
  /** Codes of promotions with a total limit: their budgets are read. */
  readonly budgets: readonly string[];
  /** Days of the inactivity term (R9); null: the program has none. The longest, when lots differ: a member has one deadline. */
  readonly inactivityDays: number | null;
}

const known = new WeakMap<CompiledProgram, ProgramNeeds>();

export function needsOf(program: CompiledProgram): ProgramNeeds {
  const remembered = known.get(program);
  if (remembered) return remembered;
  const needs = readNeeds(program);
  known.set(program, needs);
  return needs;
}

function readNeeds(program: CompiledProgram): ProgramNeeds {
  const { document, promotions } = program;
  const terms: Term[] = [
    document.earning.term,
    ...document.promotions.flatMap(({ points }) => (points.term ? [points.term] : [])),
  ];
  const inactivity = terms.flatMap((term) => (term.kind === 'inactivity' ? [term.days] : []));
  return {
    windows: document.promotions.some(
      (promotion) =>
        promotion.active &&
        (promotion.needs_window || promotion.conditions.some((condition) => condition.kind === 'personal_window')),
    ),
    uses: promotions.some(({ limits }) => limits.perMember !== null || limits.perDay !== null),
    tierProgress: document.tiers.list.some(
      ({ conditions }) => conditions !== null && listOf(conditions).some(({ window }) => window.kind !== 'all_time'),
    ),
    segments: document.segments.length > 0,
    budgets: promotions.filter(({ limits }) => limits.total !== null).map(({ code }) => code),
    inactivityDays: inactivity.length === 0 ? null : Math.max(...inactivity),
  };
}

function listOf<Condition>(conditions: { any: Condition[] } | { all: Condition[] }): Condition[] {
  return 'any' in conditions ? conditions.any : conditions.all;
}
