import { Command, CommanderError } from 'commander';
import { CliRefusal, exitCodes } from '#platform/cli.ts';
import { jsonText, type Streams } from '#platform/cli-out.ts';
import { EmbeddedRefused } from '#platform/embedded.ts';
import { maskText } from '#platform/log.ts';
import { moduleVerbs } from '../wiring.ts';
import { registerBackup } from './backup.ts';
import { registerBench } from './bench.ts';
import { registerDocuments } from './documents.ts';
import { registerFacts } from './facts.ts';
import { registerMigrate } from './migrate.ts';
import { version } from './run-server.ts';
import { registerServe } from './serve.ts';
import { openSession, type Session } from './session.ts';
import { registerStart } from './start.ts';

export interface Run {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The name of whoever runs it, for the audit log. */
  readonly person: string;
  readonly streams: Streams;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

// Refusals of how the program was called, not of what it was asked for.
const usageCodes: ReadonlySet<string> = new Set(['invalid_configuration', 'bad_request']);

/** Runs one verb and answers the exit code. Everything it opened is closed again. */
export async function runProgram(run: Run): Promise<number> {
  const program = new Command('kopilka');
  const isJson = () => program.opts()['json'] === true;
  const session = openSession({ env: run.env, person: run.person, streams: run.streams, signal: run.signal, isJson });
  describe(program, run.streams);
  register(program, session);
  try {
    await program.parseAsync([...run.args], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    return tell(error, run.streams, isJson());
  } finally {
    await session.close();
  }
}

function describe(program: Command, streams: Streams): void {
  program
    .description('Kopilka, an open loyalty platform: the server and its tools')
    .version(version)
    .option('--json', 'print the answer as JSON')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => streams.answers.write(text),
      writeErr: (text) => streams.remarks.write(text),
    })
    .showHelpAfterError('(add --help for help)')
    .exitOverride()
    .addHelpText(
      'after',
      '\nExample:\n  kopilka start            everything on this machine\n  kopilka serve --role api DATABASE_URL names the database',
    )
    .addHelpText('after', '\nExit codes: 0 done, 1 refused, 2 called wrongly, 3 our mistake');
}

function register(program: Command, session: Session): void {
  const frame = [
    registerStart,
    registerServe,
    registerMigrate,
    registerBackup,
    registerFacts,
    registerDocuments,
    registerBench,
  ];
  for (const verb of frame) verb(program, session);
  for (const verb of moduleVerbs) verb.register(program, session);
}

function tell(error: unknown, streams: Streams, isJson: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof CliRefusal) {
    if (isJson) streams.answers.write(`${jsonText({ refused: error.refusal })}\n`);
    streams.remarks.write(`${error.message}\n`);
    return usageCodes.has(error.refusal.code) ? exitCodes.usage : exitCodes.refused;
  }
  if (error instanceof EmbeddedRefused) {
    streams.remarks.write(`${error.message}\n`);
    return exitCodes.refused;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  streams.remarks.write(`This is a mistake in Kopilka, or the database is away:\n${maskText(text)}\n`);
  return exitCodes.bug;
}
