import type { Command } from 'commander';
import { backup, restore } from '#platform/backup.ts';
import { CliRefusal } from '#platform/cli.ts';
import type { Session } from './session.ts';

export function registerBackup(program: Command, session: Session): void {
  program
    .command('backup')
    .description('copy the embedded database into a new folder while sales go on')
    .argument('<folder>', 'a folder that does not exist yet')
    .addHelpText('after', '\nExample:\n  kopilka backup /backups/2026-11-22')
    .action((folder: string) => runBackup(session, folder));
  program
    .command('restore')
    .description('put a backup into an empty data folder and read every row of it')
    .argument('<folder>', 'what backup made')
    .addHelpText('after', '\nExample:\n  KOPILKA_DATA_DIR=./restored kopilka restore /backups/2026-11-22')
    .action((folder: string) => runRestore(session, folder));
}

async function runBackup(session: Session, targetDir: string): Promise<void> {
  const { databaseUrl, dataDir } = session.config();
  const postgres = databaseUrl === undefined ? await session.embedded() : { url: databaseUrl, dataDir };
  let bar: ReturnType<Session['progress']> | undefined;
  let done = 0;
  const progress = (doneBytes: number, totalBytes: number) => {
    bar ??= session.progress('copying', totalBytes);
    bar.advance(doneBytes - done);
    done = doneBytes;
  };
  const report = await backup({ databaseUrl, postgres, dataDir, targetDir, progress });
  bar?.done();
  session.out.answer(report, (out) => out.line(`${report.files} files, ${report.bytes} bytes in ${targetDir}`));
}

async function runRestore(session: Session, backupDir: string): Promise<void> {
  const { databaseUrl, dataDir } = session.config();
  if (databaseUrl !== undefined) {
    throw new CliRefusal(
      { code: 'not_embedded' },
      'DATABASE_URL is set: restore that database with its own tools, such as pg_restore.',
    );
  }
  const report = await restore({ backupDir, dataDir, log: (line) => session.out.note(line) });
  session.out.answer(report, (out) => out.line(`${report.tables} tables, ${report.rows} rows are back in ${dataDir}`));
}
