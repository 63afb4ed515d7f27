import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createApiKey } from '#modules/access/index.ts';
import type { Foundation } from '#platform/foundation.ts';
import type { Kopilka } from '../wiring.ts';
import { runServer } from './run-server.ts';
import { untilAborted } from './serve.ts';
import type { Session } from './session.ts';

/** npm start: one command from a fresh clone to a receipt that can be quoted. */
export function registerStart(program: Command, session: Session): void {
  program
    .command('start')
    .description('start everything on this machine: database, demo data in an empty one, server; print an API key')
    .addHelpText('after', '\nExample:\n  npm start')
    .action(() => start(session));
}

async function start(session: Session): Promise<void> {
  const foundation = await session.foundation();
  const kopilka = await session.kopilka();
  await loadDemo(session, foundation, kopilka);
  const key = await ownerKey(session, foundation, kopilka);
  const running = await runServer(session, 'all');
  const address = running.address ?? '';
  session.out.answer({ address, key }, (out) => {
    out.line('');
    out.line(`Kopilka is ready:  ${address}`);
    out.line(`Documentation:     ${address}/docs`);
    out.line(`API key:           ${key}`);
    out.line('');
    out.line('Try it:');
    out.line(kopilka.demo.curl(address, key));
    out.line('');
    out.line('Ctrl-C stops it.');
  });
  await untilAborted(session.signal);
  session.out.note('Stopping: finishing what has begun. Ctrl-C again quits at once.');
  await running.stop();
}

async function loadDemo(session: Session, { config }: Foundation, { demo }: Kopilka): Promise<void> {
  if (!config.demo || !(await demo.isWanted())) return;
  session.out.note('The database is empty: loading a demo chain.');
  await demo.load((label, total) => session.progress(label, total));
}

/** Made at the first start and kept beside the data, readable by its owner only: a later start shows the same key. */
async function ownerKey(session: Session, foundation: Foundation, kopilka: Kopilka): Promise<string> {
  const { config, clock } = foundation;
  const file = join(config.dataDir, 'owner-api-key');
  const known = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
  const now = clock.now();
  if (known !== null && (await kopilka.authenticate(`Bearer ${known}`, now)) !== null) return known;
  const asked = { name: 'owner', integration: 'main', scopes: ['admin'], shopIds: null, test: false };
  const { key } = await createApiKey(kopilka.access, { ...asked, caller: session.caller, now });
  await mkdir(config.dataDir, { recursive: true, mode: 0o750 });
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  return key;
}
