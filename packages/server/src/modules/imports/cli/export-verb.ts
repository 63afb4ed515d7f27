import { createWriteStream } from 'node:fs';
import { stdout } from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { CliContext, CliVerb } from '#platform/cli.ts';
import { exportFile, exportKinds } from '../service/export.ts';
import { importsOf } from './mounted.ts';

/** kopilka export members > members.csv */
export const exportVerb: CliVerb = {
  register: (program, context) => {
    program
      .command('export')
      .description('write members, receipts by line, or entries of points as CSV')
      .argument('<kind>', exportKinds.join(', '))
      .option('--to <file>', 'a file instead of the standard output')
      .addHelpText('after', '\nExample:\n  kopilka export receipts --to receipts.csv')
      .action((kind: string, { to }: { readonly to?: string }, command: Command) =>
        run(context, { kind, to, command }),
      );
  },
};

async function run(
  context: CliContext,
  call: { readonly kind: string; readonly to: string | undefined; readonly command: Command },
): Promise<void> {
  const kind =
    exportKinds.find((known) => known === call.kind) ??
    call.command.error(`error: kinds are ${exportKinds.join(', ')}`);
  const now = (await context.foundation()).clock.now();
  const bytes = await exportFile(await importsOf(context), kind, { caller: context.caller, now });
  const source = Readable.from(bytes);
  if (call.to === undefined) await pipeline(source, stdout, { end: false });
  else {
    // Everybody's personal data: for the owner of the file only.
    await pipeline(source, createWriteStream(call.to, { mode: 0o600 }));
    context.out.answer({ kind, file: call.to }, (out) => out.line(`wrote ${call.to}`));
  }
}
