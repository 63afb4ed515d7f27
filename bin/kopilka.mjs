#!/usr/bin/env node
// Runs on any Node from 18 on; the program itself wants 24, which comes along as a package.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const wantedMajor = 24;
const here = fileURLToPath(import.meta.url);
const root = dirname(dirname(here));
/** @type {readonly NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** A signal of the terminal reaches parent and child at about the same time, in any order. */
const sameSignalMilliseconds = 500;

if (Number(process.versions.node.split('.')[0]) >= wantedMajor) await runHere();
else runOn(bundledNode());

async function runHere() {
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'compiled'));
  if (process.channel) obeyParent(process.channel);
  await import(pathToFileURL(join(root, 'packages', 'server', 'src', 'main.ts')).href);
}

/** @returns {string} */
function bundledNode() {
  const platform = `${process.platform}-${process.arch}`;
  // The publisher changed the name with Apple's own processors.
  for (const name of [`node-${platform}`, `node-bin-${platform}`]) {
    try {
      const found = join(dirname(createRequire(here).resolve(`${name}/package.json`)), 'bin', 'node');
      if (existsSync(found)) return found;
    } catch {
      // Not installed: the next name, or the sentence below.
    }
  }
  process.stderr.write(
    `Kopilka needs Node ${wantedMajor}; this is ${process.version}, and no package for ${platform} brings it along.\n` +
      `Run "npm install" without --omit=optional, or install Node ${wantedMajor} from https://nodejs.org.\n`,
  );
  process.exit(1);
}

/** @param {string} node */
function runOn(node) {
  const child = spawn(node, [...process.execArgv, here, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of forwarded) process.on(signal, () => child.connected && child.send({ signal }));
  child.on('error', (error) => {
    process.stderr.write(
      `The bundled Node ${wantedMajor} does not start (${error.message}): install Node ${wantedMajor} from https://nodejs.org.\n`,
    );
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of forwarded) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/**
 * In the child. Ctrl-C in a terminal reaches both processes, `kill` only the parent: what the parent tells is
 * raised here unless the same signal has come by itself, so that nobody sees it twice. When the parent is killed, we end too.
 * @param {NonNullable<typeof process.channel>} channel
 */
function obeyParent(channel) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const signal of forwarded) {
    const note = () => {
      seen.set(signal, Date.now());
      if (process.listenerCount(signal) > 1) return;
      // Nobody but us listens: what the signal does by default happens.
      process.removeListener(signal, note);
      process.kill(process.pid, signal);
    };
    process.on(signal, note);
  }
  process.on('message', (/** @type {{ signal: NodeJS.Signals }} */ { signal }) => {
    const told = Date.now();
    setTimeout(() => {
      if (told - (seen.get(signal) ?? 0) > sameSignalMilliseconds) process.kill(process.pid, signal);
    }, sameSignalMilliseconds / 5);
  });
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  channel.unref();
}
