import type { Command } from 'commander';
import type { CliContext, CliVerb } from '#platform/cli.ts';
import { readJsonFile } from '#platform/cli-files.ts';
import { checkDocument } from '../service/check-draft.ts';
import { type Compared, comparePrograms } from '../service/compare.ts';
import { rollBackProgram } from '../service/publish.ts';
import { publishDocument } from '../service/publish-document.ts';
import { languageOption, programOf, versionNumber } from './mounted.ts';
import { type Language, problemLines, refuse } from './refuse.ts';
import { registerShow } from './show.ts';

/** kopilka program validate | publish | rollback | show | diff. checkout adds simulate. */
export const programVerb: CliVerb = {
  register: (root, context) => {
    const program = root
      .command('program')
      .description('the program: check, publish, roll back, show, compare, simulate');
    registerValidate(program, context);
    registerPublish(program, context);
    registerRollback(program, context);
    registerShow(program, context);
    registerDiff(program, context);
  },
};

interface InLanguage {
  readonly language: Language;
}

function registerValidate(program: Command, context: CliContext): void {
  program
    .command('validate')
    .description('check a document as publishing would; nothing is kept')
    .argument('<file>', 'JSON; - is the standard input')
    .addOption(languageOption())
    .addHelpText('after', '\nExample:\n  kopilka program validate program.json --language en')
    .action(async (file: string, { language }: InLanguage) => {
      const document = await readJsonFile(file);
      const { deps, now } = await programOf(context);
      const checked = await checkDocument(deps, document, now);
      const { problems } = checked;
      if (!checked.valid) return refuse({ code: 'program_invalid', problems }, language);
      return context.out.answer(checked, (out) => {
        for (const line of problemLines(problems, language)) out.line(line);
        out.line(problems.length === 0 ? 'valid' : 'valid, with warnings');
        for (const change of checked.changes) out.line(`  ${change[language]}`);
      });
    });
}

function registerPublish(program: Command, context: CliContext): void {
  program
    .command('publish')
    .description('publish a document: tills use it from now on')
    .argument('<file>', 'JSON; - is the standard input')
    .option('--comment <text>', 'what it changes, for those who read the list of versions', '')
    .option('--replace', 'also when somebody works on a draft: it is lost')
    .addOption(languageOption())
    .addHelpText('after', '\nExample:\n  kopilka program publish program.json --comment "double points in May"')
    .action(async (file: string, options: InLanguage & { comment: string; replace?: true }) => {
      const document = (await readJsonFile(file)) as Record<string, unknown>;
      const { deps, now } = await programOf(context);
      const { comment, replace = false, language } = options;
      const published = await publishDocument(deps, { document, comment, replace, caller: context.caller, now });
      if (!published.ok) return refuse(published.refusal, language);
      return tellVersion(context, published.value.number, 'published');
    });
}

function registerRollback(program: Command, context: CliContext): void {
  program
    .command('rollback')
    .description('publish an older version again, under a new number')
    .argument('<version>', 'the number that show prints', versionNumber)
    .option('--comment <text>', 'why', '')
    .addHelpText('after', '\nExample:\n  kopilka program rollback 3 --comment "May is over"')
    .action(async (to: number, { comment }: { comment: string }) => {
      const { deps, now } = await programOf(context);
      const restored = await rollBackProgram(deps, { to, comment, caller: context.caller, now });
      if (!restored.ok) return refuse(restored.refusal, 'en');
      return tellVersion(context, restored.value.number, `restored from version ${to}`);
    });
}

function tellVersion(context: CliContext, version: number, what: string): void {
  context.out.answer({ version }, (out) => out.line(`version ${version}: ${what}`));
}

function registerDiff(program: Command, context: CliContext): void {
  program
    .command('diff')
    .description('what the second says otherwise than the first, one sentence each')
    .argument('<before>', 'a version, the word draft, or a file')
    .argument('<after>', 'a version, the word draft, or a file')
    .addOption(languageOption())
    .addHelpText('after', '\nExample:\n  kopilka program diff 3 4\n  kopilka program diff 4 draft --language en')
    .action(async (before: string, after: string, { language }: InLanguage) => {
      const sides = { before: await comparedOf(before), after: await comparedOf(after) };
      const { deps, now } = await programOf(context);
      const compared = await comparePrograms(deps, { ...sides, now });
      if (!compared.ok) return refuse(compared.refusal, language);
      return context.out.answer(compared.value, (out) => {
        for (const change of compared.value) out.line(change[language]);
        if (compared.value.length === 0) out.line('no differences');
      });
    });
}

async function comparedOf(word: string): Promise<Compared> {
  if (word === 'draft') return { kind: 'draft' };
  if (/^\d{1,9}$/.test(word)) return { kind: 'version', number: Number(word) };
  return { kind: 'document', json: await readJsonFile(word) };
}
