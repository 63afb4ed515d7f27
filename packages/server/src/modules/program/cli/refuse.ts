import type { Refusal } from '#kernel/outcome.ts';
import { CliRefusal } from '#platform/cli.ts';
import type { ProgramProblem } from '../domain/validate/problem.ts';

export type Language = 'ru' | 'en';

const sentences: Readonly<Record<string, string>> = {
  draft_not_found: 'There is no draft.',
  draft_exists: 'There is a draft already: publish it, or add --replace to lose it.',
  draft_changed: 'Somebody changed the draft meanwhile: look at it again.',
  version_not_found: 'There is no such version.',
  version_in_force: 'That version is in force already.',
  point_value_fixed: 'Members have points: what one is worth cannot change (R1).',
  program_not_published: 'No program is published yet.',
};

/** A refusal with its sentence; every problem of a document on a line of its own, and whole with --json. */
export function refuse(
  refusal: Refusal & { readonly problems?: readonly ProgramProblem[] },
  language: Language,
): never {
  const { problems } = refusal;
  const sentence = problems === undefined ? sentences[refusal.code] : problemLines(problems, language).join('\n');
  throw new CliRefusal(refusal, sentence);
}

export function problemLines(problems: readonly ProgramProblem[], language: Language): string[] {
  return problems.map(({ severity, path, message }) => `${severity} ${path || '/'}: ${message[language]}`);
}
