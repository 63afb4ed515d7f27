import type { Command } from 'commander';
import { listParkedFacts, retryParkedFacts } from '#platform/parked-facts.ts';
import type { Session } from './session.ts';

/** Facts whose listeners failed too often wait here for a person. */
export function registerFacts(program: Command, session: Session): void {
  const facts = program.command('facts').description('facts whose listeners failed too often');
  facts
    .command('list')
    .description('the oldest hundred parked facts')
    .addHelpText('after', '\nExample:\n  kopilka facts list --json')
    .action(async () => {
      const parked = await listParkedFacts((await session.foundation()).db);
      const items = parked.map((fact) => ({ ...fact, parkedAt: fact.parkedAt.toString() }));
      session.out.answer(items, (out) => {
        const rows = items.map((fact) => [
          fact.memberId,
          String(fact.factNo),
          fact.kind,
          String(fact.failures),
          fact.parkedAt,
        ]);
        out.table(['member', 'fact', 'kind', 'failures', 'parked'], rows);
      });
    });
  facts
    .command('retry')
    .description('give every parked fact to its listeners again, after the mistake was mended')
    .addHelpText('after', '\nExample:\n  kopilka facts retry')
    .action(async () => {
      const retried = await retryParkedFacts((await session.foundation()).db);
      session.out.answer({ retried }, (out) => out.line(`${retried} facts will be tried again`));
    });
}
