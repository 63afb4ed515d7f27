import type { Command } from 'commander';
import type { Session } from './session.ts';

export function registerMigrate(program: Command, session: Session): void {
  program
    .command('migrate')
    .description('bring the database to this version; serve does it by itself')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgres://… kopilka migrate')
    .action(async () => {
      const applied = await session.migrate();
      session.out.answer({ applied }, (out) => out.line(applied === 0 ? 'up to date' : `applied ${applied}`));
    });
}
