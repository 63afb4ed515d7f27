import type { FieldMoment } from '#platform/member-fields.ts';
import { evaluate, type Rule, type RuleProblem, type RuleReading, readRule } from '../domain/rule.ts';
import type { MemberFacts } from './fields/facts.ts';
import { type Question, questionReader } from './registry.ts';

export type SegmentRule = Rule<Question>;

/** `quote`: for the program's own segments, which are asked on what a purchase has loaded. */
export function validateRule(json: unknown, use: 'quote' | 'audience'): RuleReading<Question> {
  return readRule(json, questionReader(use));
}

export function holds(rule: SegmentRule, facts: MemberFacts, moment: FieldMoment): boolean {
  return evaluate(rule, (question) => question.holds(facts, moment));
}

/** A named segment of the program. */
export interface NamedSegment {
  readonly code: string;
  readonly rule: unknown;
}

export interface SegmentProblem extends RuleProblem {
  readonly segment: string;
}

/** For publishing: every problem of the program's segments; paths lead into the list, such as /2/rule/all/0/at_least. */
export function segmentProblems(segments: readonly NamedSegment[]): SegmentProblem[] {
  return segments.flatMap(({ code, rule }, index) => {
    const reading = validateRule(rule, 'quote');
    if (reading.ok) return [];
    return reading.problems.map(({ path, message }) => ({ segment: code, path: `/${index}/rule${path}`, message }));
  });
}

const understood = new WeakMap<
  readonly NamedSegment[],
  readonly { readonly code: string; readonly rule: SegmentRule }[]
>();

/**
 * Codes of the program's segments that hold for this member now, on what was loaded and without a query. Rules are read once per program. One
 * that cannot be read (published past the check) holds for nobody: a sale never fails for it.
 */
export function evaluateSegments(
  segments: readonly NamedSegment[],
  about: MemberFacts & FieldMoment,
): ReadonlySet<string> {
  let rules = understood.get(segments);
  if (rules === undefined) {
    rules = segments.flatMap(({ code, rule }) => {
      const reading = validateRule(rule, 'quote');
      return reading.ok ? [{ code, rule: reading.rule }] : [];
    });
    understood.set(segments, rules);
  }
  return new Set(rules.filter(({ rule }) => holds(rule, about, about)).map(({ code }) => code));
}
