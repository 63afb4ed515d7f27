import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Outcome, Refusal } from '#kernel/outcome.ts';
import { type CliContext, CliRefusal, type CliVerb, type Progress } from '#platform/cli.ts';
import { examples } from '../domain/examples.ts';
import type { FileImport, ImportTask } from '../domain/import.ts';
import { type ImportKind, type ImportMode, importKinds, importModes } from '../domain/kinds.ts';
import { importMapping } from '../domain/mapping.ts';
import type { ImportsDeps } from '../service/deps.ts';
import { createImport, importReport, listImports, requestTask, stopImport } from '../service/imports.ts';
import { problemFile } from '../service/problem-file.ts';
import { alone, workOn } from '../service/run-import.ts';
import { importsOf } from './mounted.ts';
import { printReport, reportOf } from './report.ts';

interface Options {
  readonly kind?: ImportKind;
  readonly mapping?: string;
  readonly mode: ImportMode;
  readonly dryRun?: boolean;
  readonly resume?: string;
  readonly undo?: string;
  readonly stop?: string;
  readonly list?: boolean;
  readonly problems?: string;
  readonly example?: ImportKind;
  readonly schema?: boolean;
}

/** kopilka import FILE --kind … --mapping … */
export const importVerb: CliVerb = {
  register: (program, context) => {
    program
      .command('import')
      .description(
        'import a file: members, opening lots, tiers and last purchases, used codes, products, shops, receipts',
      )
      .argument('[file]', 'CSV (plain or gzipped), or columns between spaces')
      .option('--kind <kind>', `what the file holds: ${importKinds.join(', ')}`)
      .option('--mapping <file>', 'JSON: which column is what')
      .option(
        '--mode <mode>',
        `receipts: ${importModes.join(' or ')} (earn by the program, on their own clock)`,
        'history',
      )
      .option('--dry-run', 'read and count; import nothing')
      .option('--resume <id>', 'go on with an import that was stopped or killed')
      .option('--undo <id>', 'take back what an import made')
      .option('--stop <id>', 'stop an import of another process after its batch')
      .option('--list', 'the last imports')
      .option('--problems <file>', 'write the rows that were not taken here')
      .option('--example <kind>', 'write an example mapping and a file that fits it into this folder')
      .option('--schema', 'print the JSON Schema of mappings')
      .addHelpText(
        'after',
        '\nExample:\n  kopilka import --example receipts\n  kopilka import receipts.csv --kind receipts --mapping receipts.mapping.json --dry-run',
      )
      .action((file: string | undefined, options: Options, command: Command) =>
        run(context, { file, options, command }),
      );
  },
};

interface Call {
  readonly file: string | undefined;
  readonly options: Options;
  readonly command: Command;
}

async function run(context: CliContext, { file, options, command }: Call): Promise<void> {
  if (options.example !== undefined) return writeExample(context, kindOf(options.example, command));
  if (options.schema === true) return printSchema(context);
  if (options.list === true) return printList(context);
  if (options.stop !== undefined) return stop(context, options.stop);
  const deps = await importsOf(context);
  const now = (await context.foundation()).clock.now();
  const known = options.resume ?? options.undo;
  if (known !== undefined)
    return work(context, deps, { importId: known, task: options.undo === undefined ? 'run' : 'undo', options });
  if (file === undefined || options.kind === undefined || options.mapping === undefined) {
    return command.error('error: a file, --kind and --mapping are needed');
  }
  const path = resolve(file);
  if (!(await isFile(path))) throw new CliRefusal({ code: 'file_missing' }, `there is no file ${path}`);
  const made = await createImport(deps, {
    ...{
      kind: kindOf(options.kind, command),
      mode: modeOf(options.mode, command),
      mapping: await readJson(options.mapping),
    },
    ...{ fileName: basename(path), file: { path, ...(await deps.files.digest(path)) }, caller: context.caller, now },
  });
  if (!made.ok) throw new CliRefusal(made.refusal, made.refusal.details.problems.join('\n'));
  return work(context, deps, {
    importId: made.value.importId,
    task: options.dryRun === true ? 'dry_run' : 'run',
    options,
  });
}

interface Work {
  readonly importId: string;
  readonly task: ImportTask;
  readonly options: Options;
}

async function work(context: CliContext, deps: ImportsDeps, { importId, task, options }: Work): Promise<void> {
  const now = (await context.foundation()).clock.now();
  orRefuse(await requestTask(deps, { importId, task, dueAt: null, caller: context.caller, now }));
  context.out.note(`import ${importId}`);
  const bar = progressBar(context);
  const ended = await alone(deps, () =>
    workOn(deps, importId, { batches: Number.POSITIVE_INFINITY, signal: context.signal, onProgress: bar.show }),
  );
  bar.done();
  if (ended === null) throw new CliRefusal({ code: 'import_is_running' }, 'another import is at work: one at a time');
  if (options.problems !== undefined) await writeProblems(deps, importId, options.problems);
  await report(context, deps, importId);
  if (ended.status === 'failed') throw new CliRefusal({ code: 'import_failed' }, ended.failure ?? 'it failed');
}

/** Drawn by rows or receipts; begun when it is known how many there are. */
function progressBar(context: CliContext): { show: (one: FileImport) => void; done: () => void } {
  let bar: Progress | null = null;
  let shown = 0;
  return {
    show: (one) => {
      bar ??= context.progress(one.task === 'undo' ? 'undoing' : one.kind, one.total);
      bar.advance(one.finished - shown);
      shown = one.finished;
    },
    done: () => bar?.done(),
  };
}

async function report(context: CliContext, deps: ImportsDeps, importId: string): Promise<void> {
  const { one, problems } = orRefuse(await importReport(deps, importId));
  context.out.answer(reportOf(one, problems), (out) => printReport(out, one, problems));
}

function orRefuse<Value>(outcome: Outcome<Value, Refusal>): Value {
  if (!outcome.ok) throw new CliRefusal(outcome.refusal);
  return outcome.value;
}

async function writeProblems(deps: ImportsDeps, importId: string, path: string): Promise<void> {
  await writeFile(path, orRefuse(await problemFile(deps, importId)), { mode: 0o600 });
}

async function stop(context: CliContext, importId: string): Promise<void> {
  const one = orRefuse(await stopImport(await importsOf(context), importId));
  context.out.answer({ import_id: importId, stop_requested: one.stopRequested }, (out) =>
    out.line(`${importId}: ${one.status}`),
  );
}

async function printList(context: CliContext): Promise<void> {
  const found = await listImports(await importsOf(context), { before: null, limit: 50 });
  context.out.answer(
    found.map((one) => reportOf(one, [])),
    (out) =>
      out.table(
        ['import', 'kind', 'status', 'file', 'created'],
        found.map((one) => [one.importId, one.kind, one.status, one.fileName, one.createdAt.toString()]),
      ),
  );
}

function printSchema(context: CliContext): void {
  const schema = z.toJSONSchema(importMapping, { io: 'input' });
  context.out.answer(schema, (out) => out.line(JSON.stringify(schema, null, 2)));
}

async function writeExample(context: CliContext, kind: ImportKind): Promise<void> {
  const { mapping, file } = examples[kind];
  const names = [`${kind}.mapping.json`, `${kind}.csv`] as const;
  // Never over a file that is there.
  await writeFile(names[0], `${JSON.stringify(mapping, null, 2)}\n`, { flag: 'wx' });
  await writeFile(names[1], file, { flag: 'wx' });
  context.out.answer({ mapping: names[0], file: names[1] }, (out) => {
    out.line(`wrote ${names.join(' and ')}`);
    out.line(`try: kopilka import ${names[1]} --kind ${kind} --mapping ${names[0]} --dry-run`);
  });
}

function kindOf(text: string, command: Command): ImportKind {
  const kind = importKinds.find((known) => known === text);
  return kind ?? command.error(`error: kinds are ${importKinds.join(', ')}`);
}

function modeOf(text: string, command: Command): ImportMode {
  const mode = importModes.find((known) => known === text);
  return mode ?? command.error(`error: modes are ${importModes.join(', ')}`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new CliRefusal(
      { code: 'mapping_invalid' },
      `${path}: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
