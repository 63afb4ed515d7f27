import type { Instant } from '#kernel/time.ts';
import { localDate } from '#kernel/time.ts';
import type { Db } from '#platform/db.ts';
import type { ProgramDocument } from '../domain/document.ts';
import { diffProgram } from '../domain/sentences/diff.ts';
import type { Template } from '../domain/sentences/format.ts';
import type { ProgramProblem } from '../domain/validate/problem.ts';
import { type Validation, validateProgram } from '../domain/validate.ts';
import type { ProgramDeps } from './deps.ts';

export interface CheckedDocument {
  readonly valid: boolean;
  readonly problems: readonly ProgramProblem[];
  /** What publishing it would change; empty while it has errors. */
  readonly changes: readonly Template[];
}

/** Everything publishing would say of a document, against what is in force and the catalog of this moment. */
export async function checkDocument(deps: ProgramDeps, json: unknown, now: Instant): Promise<CheckedDocument> {
  const validation = await validateFor(deps, deps.db, { json, now });
  if (!validation.ok) return { valid: false, problems: validation.problems, changes: [] };
  const before = deps.port.current()?.document ?? null;
  return {
    valid: true,
    problems: validation.warnings,
    changes: before === null ? [] : diffProgram(before, validation.document),
  };
}

export async function validateFor(
  deps: ProgramDeps,
  db: Db,
  { json, now }: { json: unknown; now: Instant },
): Promise<Validation> {
  const catalog = deps.catalog.snapshot();
  return validateProgram(json, {
    knownShops: new Set(catalog.shops().map(({ code }) => code)),
    knowsCategory: (code) => catalog.categoryPath(code) !== null,
    productBySku: (sku) => catalog.productBySku(sku),
    legalProfile: deps.legalProfile,
    fixedPointValue: await fixedPointValue(deps, db),
    today: localDate(now, deps.zone).toString(),
    segmentsCheck: deps.segmentsCheck,
  });
}

/** R1: null while nobody has a point. */
export async function fixedPointValue(deps: ProgramDeps, db: Db): Promise<number | null> {
  const current: ProgramDocument | undefined = deps.port.current()?.document;
  if (current === undefined) return null;
  return (await deps.pointsExist(db)) ? current.point_value : null;
}
