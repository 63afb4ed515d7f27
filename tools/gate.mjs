// `npm test`: the whole gate. Plain JavaScript for Node 18 and later, without packages: it runs before they are installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from '../bin/install.mjs';
import { runSteps } from './gate/run.mjs';
import { installBudgetSeconds, phases } from './gate/steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const nodeWanted = 24;
const platform = `${process.platform}-${process.arch}`;
const reexecuted = process.env['GATE_NODE'] === '1';

if (!reexecuted) install();
const node = currentMajor() >= nodeWanted ? process.execPath : bundledNode();
if (node === undefined) {
  fail(`Node ${nodeWanted} is needed and npm has no build of it for this machine: install it and try again.`);
} else if (node === process.execPath) {
  process.env['PATH'] = [dirname(node), join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const { passed, failed } = await runSteps(chosen(), root);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} else {
  goOnWith(node);
}

function install() {
  const started = performance.now();
  // It ends the program when it fails; the last line is ours all the same.
  const sayFailed = () => process.stdout.write('0 passed, 1 failed\n');
  process.once('exit', sayFailed);
  ensureInstalled();
  process.removeListener('exit', sayFailed);
  const seconds = (performance.now() - started) / 1000;
  const sentence = `install took ${seconds.toFixed(1)} s; its budget is ${installBudgetSeconds} s`;
  if (seconds > installBudgetSeconds * 3) fail(sentence);
  if (seconds > 1) process.stdout.write(`${sentence}\n`);
}

/** The publisher changed the packages' name with Apple's own processors. */
function bundledNode() {
  const names = [`node-${platform}`, `node-bin-${platform}`];
  return names.map((name) => join(root, 'node_modules', name, 'bin', 'node')).find((path) => existsSync(path));
}

/** @param {string} newer */
function goOnWith(newer) {
  const env = { ...process.env, GATE_NODE: '1' };
  const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { env, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128);
  });
}

/** `npm test -- static unit` runs those phases only; without names, all. */
function chosen() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !phases.some((phase) => phase.name === name));
  if (unknown !== undefined) fail(`there is no ${unknown}; there are: ${phases.map(({ name }) => name).join(', ')}`);
  return wanted.length === 0 ? phases : phases.filter(({ name }) => wanted.includes(name));
}

function currentMajor() {
  return Number(process.versions.node.split('.')[0]);
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  process.stdout.write(`${sentence}\n0 passed, 1 failed\n`);
  process.exit(1);
}
