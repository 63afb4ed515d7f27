// Runs on any Node from 18 on and before anything is installed: built-in modules only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFile = join(root, 'package-lock.json');
/** What npm leaves in node_modules when it has finished. */
const installedLockFile = join(root, 'node_modules', '.package-lock.json');
const stampFile = join(root, 'node_modules', '.kopilka-installed');

/** Installs the packages when they are missing or no longer those of package-lock.json; ends the program when that fails. */
export function ensureInstalled() {
  const why = reasonToInstall();
  if (why === undefined) return;
  process.stdout.write(`${why}: running "npm install". This takes about a minute, once.\n`);
  const { command, args } = npm();
  // Not "npm ci": npm 11 refuses a lock file that lacks a package of some other operating system, which a registry
  // mirror may not have had. The versions are the locked ones all the same, and --no-save leaves the checkout as it is.
  // Calm: the old Node that started us is below what some packages ask for, but they will run on the bundled one.
  const options = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(command, [...args, ...options], { cwd: root, stdio: 'inherit' });
  if (result.status === 0) {
    if (existsSync(lockFile)) writeFileSync(stampFile, digestOfLock());
    return;
  }
  process.stderr.write(
    `The packages could not be installed (${result.error?.message ?? `npm ended with ${result.status ?? result.signal}`}).\n`,
  );
  process.exit(result.status ?? 1);
}

/** @returns {string | undefined} */
function reasonToInstall() {
  if (!existsSync(installedLockFile)) return 'Packages are not installed yet';
  if (!existsSync(lockFile)) return undefined;
  // Our own stamp tells the content; without it (somebody ran npm by hand) the times have to do.
  const same = existsSync(stampFile)
    ? readFileSync(stampFile, 'utf8') === digestOfLock()
    : statSync(installedLockFile).mtimeMs >= statSync(lockFile).mtimeMs;
  return same ? undefined : 'The list of packages has changed';
}

function digestOfLock() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

/** The npm that runs us, else the one on the path. */
function npm() {
  const path = process.env['npm_execpath'];
  if (path !== undefined && /npm-cli\.c?js$/.test(path)) return { command: process.execPath, args: [path] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}
