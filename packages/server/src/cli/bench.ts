import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import pg from 'pg';
import { startEmbedded } from '#platform/embedded.ts';
import { migrate } from '#platform/migrate.ts';
import { migrationsFolder, type Session } from './session.ts';

const names = ['checkout', 'catalog', 'import', 'search'] as const;

interface Context {
  readonly url: string;
  createDatabase(name: string, template?: string): Promise<string>;
  log(line: string): void;
}

/** kopilka bench: measured against a limit in the same run, never in absolute time. Needs the repository: benches are not shipped. */
export function registerBench(program: Command, session: Session): void {
  program
    .command('bench')
    .description('measure one of the benches on a PostgreSQL of its own; the last line is its ratio')
    .addArgument(new Argument('<name>', 'which').choices(names))
    .addHelpText('after', '\nExample:\n  npm run bench -- checkout')
    .action(async (name: (typeof names)[number]) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'kopilka-bench-'));
      const cluster = await startEmbedded({
        dataDir,
        database: 'bench',
        durable: true,
        log: (line) => session.out.note(line),
      });
      try {
        const line = await measure(name, cluster.url, session);
        session.out.answer({ result: line }, (out) => out.line(line));
      } finally {
        await cluster.stop();
        await rm(dataDir, { recursive: true, force: true });
      }
    });
}

async function measure(name: string, url: string, session: Session): Promise<string> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  try {
    await migrate(pool, { folder: migrationsFolder });
  } finally {
    await pool.end();
  }
  const file = new URL(`../../../../bench/${name}.ts`, import.meta.url);
  const { run } = (await import(file.href)) as { run: (context: Context) => Promise<string> };
  return run({
    url,
    log: (line) => session.out.note(line),
    createDatabase: (database, template) => createDatabase(url, database, template),
  });
}

async function createDatabase(url: string, name: string, template = 'template0'): Promise<string> {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  try {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
    await client.query(
      `create database ${client.escapeIdentifier(name)} template ${client.escapeIdentifier(template)} strategy file_copy`,
    );
  } finally {
    await client.end();
  }
  admin.pathname = `/${name}`;
  return admin.href;
}
