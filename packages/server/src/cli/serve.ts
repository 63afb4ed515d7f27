import { type Command, Option } from 'commander';
import { type Role, roles, runServer } from './run-server.ts';
import type { Session } from './session.ts';

export function registerServe(program: Command, session: Session): void {
  program
    .command('serve')
    .description('serve the API and run the background work until Ctrl-C')
    .addOption(new Option('--role <role>', 'what this process does').choices(roles).default('all'))
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgres://… KOPILKA_SECRET=… kopilka serve --role api')
    .action(async ({ role }: { role: Role }) => {
      const running = await runServer(session, role);
      session.out.note(`Kopilka listens on ${running.address ?? 'nothing'}`);
      await untilAborted(session.signal);
      session.out.note('Stopping: finishing what has begun. Ctrl-C again quits at once.');
      await running.stop();
    });
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
