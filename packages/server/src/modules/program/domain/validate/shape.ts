import { z } from 'zod';
import { conditionKindByCode } from '../conditions/index.ts';
import { type ProgramDocument, programDocument } from '../document.ts';
import { effectKindByCode } from '../effects/index.ts';
import { nearest } from './nearest.ts';
import { ownMessages } from './own-messages.ts';
import { type Complaints, pointer } from './problem.ts';
import { isObject } from './upcast.ts';

/** Types, names, ranges. null: something is wrong and has been said. */
export function readShape(json: Record<string, unknown>, to: Complaints): ProgramDocument | null {
  const unknownKinds = complainOfKinds(json, to);
  const parsed = programDocument.safeParse(json);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const path = pointer(issue.path);
    // A rule of an unknown kind has been refused already, with the nearest name; the rest would be noise.
    if (unknownKinds.some((known) => path === known || path.startsWith(`${known}/`))) continue;
    complain(issue, [], to);
  }
  return null;
}

/** A rule whose kind nobody knows: a typing mistake, as a rule. Answers the paths of such rules. */
function complainOfKinds(json: Record<string, unknown>, { error }: Complaints): string[] {
  const found: string[] = [];
  const promotions: readonly unknown[] = Array.isArray(json['promotions']) ? json['promotions'] : [];
  for (const [place, promotion] of promotions.entries()) {
    if (!isObject(promotion)) continue;
    for (const [list, kinds] of [
      ['conditions', conditionKindByCode],
      ['effects', effectKindByCode],
    ] as const) {
      const rules: readonly unknown[] = Array.isArray(promotion[list]) ? promotion[list] : [];
      for (const [index, rule] of rules.entries()) {
        const kind = isObject(rule) ? rule['kind'] : undefined;
        if (typeof kind !== 'string' || kinds.has(kind)) continue;
        const path = pointer(['promotions', place, list, index]);
        const close = nearest(kind, kinds.keys());
        found.push(path);
        error(`${path}/kind`, 'unknown_kind', {
          ru: `Неизвестный вид «${kind}»${close === null ? '' : `; возможно, «${close}»`}`,
          en: `Unknown kind “${kind}”${close === null ? '' : `; did you mean “${close}”?`}`,
        });
      }
    }
  }
  return found;
}

type Issue = z.core.$ZodIssue;

const russian = z.locales.ru().localeError;

/** One finding in two languages. Of a union, what is wrong with the branch that came closest. */
function complain(issue: Issue, above: readonly PropertyKey[], to: Complaints): void {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.toSorted((a, b) => distance(a) - distance(b))[0] ?? [];
    for (const inner of closest) complain(inner, path, to);
    return;
  }
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      to.error(pointer([...path, key]), 'unknown_field', {
        ru: `Неизвестное поле «${key}»`,
        en: `Unknown field “${key}”`,
      });
    }
    return;
  }
  to.error(pointer(path), issue.code, { ru: inRussian(issue), en: issue.message });
}

/** The branch that got furthest: one that failed only inside was meant; one of another type was not. */
function distance(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.path.length === 0 && issue.code === 'invalid_type' ? 1_000 : 1), 0);
}

function inRussian(issue: Issue): string {
  const own = ownMessages[issue.message];
  if (own !== undefined) return own;
  const said = russian(issue as Parameters<typeof russian>[0]);
  const text = typeof said === 'string' ? said : said?.message;
  return text ?? issue.message;
}
