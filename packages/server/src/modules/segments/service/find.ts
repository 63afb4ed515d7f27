import { createHash } from 'node:crypto';
import type { Db } from '#platform/db.ts';
import type { Bind, FieldMoment } from '#platform/member-fields.ts';
import { expression } from '../domain/rule.ts';
import { type Audience, countMembers, listMembers } from '../store/audience.ts';
import type { SegmentRule } from './evaluate.ts';

/** The rule as SQL over all living members, with its values. */
export function compileToSql(rule: SegmentRule, moment: FieldMoment): Audience {
  const values: unknown[] = [];
  const bind: Bind = (value, type) => {
    values.push(value);
    return `$${values.length}::${type}`;
  };
  const condition = expression(rule, (question) => question.sql(moment, bind));
  return { digest: createHash('sha256').update(condition).digest('hex').slice(0, 32), condition, values };
}

export function countSegment(db: Db, rule: SegmentRule, moment: FieldMoment): Promise<bigint> {
  return countMembers(db, compileToSql(rule, moment));
}

export interface SegmentPage {
  readonly memberIds: readonly string[];
  /** null: that was the last page. */
  readonly next: string | null;
}

/** Members in the order of their ids, from after `after`: pages do not shift while people join. */
export async function listSegment(
  db: Db,
  rule: SegmentRule,
  moment: FieldMoment,
  page: { readonly after: string | null; readonly limit: number },
): Promise<SegmentPage> {
  const memberIds = await listMembers(db, compileToSql(rule, moment), page);
  return { memberIds, next: memberIds.length === page.limit ? (memberIds.at(-1) ?? null) : null };
}
