export type { RuleProblem, RuleReading } from './domain/rule.ts';
export {
  evaluateSegments,
  holds,
  type NamedSegment,
  type SegmentProblem,
  type SegmentRule,
  segmentProblems,
  validateRule,
} from './service/evaluate.ts';
export type { MemberFacts } from './service/fields/facts.ts';
export { countSegment, listSegment, type SegmentPage } from './service/find.ts';
export { memberFields } from './service/registry.ts';
