import type { ProgramDocument } from './document.ts';
import { checkCodes, checkGroups, checkPointValue, checkSegments, checkTiers } from './validate/checks-lists.ts';
import { checkPromotions } from './validate/checks-promotions.ts';
import { checkBaseRates, checkRates } from './validate/checks-rates.ts';
import type { ValidationContext } from './validate/context.ts';
import { complaints, type ProgramProblem } from './validate/problem.ts';
import { readShape } from './validate/shape.ts';
import { upcast } from './validate/upcast.ts';

export type Validation =
  | { readonly ok: true; readonly document: ProgramDocument; readonly warnings: readonly ProgramProblem[] }
  | { readonly ok: false; readonly problems: readonly ProgramProblem[] };

/** Everything that is wrong with a program at once, each with its path. Warnings alone do not stop it. */
export function validateProgram(json: unknown, context: ValidationContext): Validation {
  const said = complaints();
  const current = upcast(json, said);
  const document = current && readShape(current, said);
  if (!document) return { ok: false, problems: said.problems };
  checkCodes(document, said);
  checkTiers(document, said);
  checkPointValue(document, context, said);
  checkSegments(document, context, said);
  checkGroups(document, said);
  checkRates(document, said);
  checkBaseRates(document, context, said);
  checkPromotions(document, context, said);
  const failed = said.problems.some(({ severity }) => severity === 'error');
  return failed ? { ok: false, problems: said.problems } : { ok: true, document, warnings: said.problems };
}

/** A document that was valid when it was published, brought to today's format: what it refers to may be gone since. */
export function readPublished(json: unknown): ProgramDocument {
  const said = complaints();
  const current = upcast(json, said);
  const document = current && readShape(current, said);
  if (!document) throw new Error(`a published program cannot be read: ${JSON.stringify(said.problems.slice(0, 3))}`);
  return document;
}
