import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Past this many times its budget a phase fails. */
const budgetsMax = 3;
/** How many static steps run side by side; most of them use more than one thread themselves. */
const sideBySide = 3;

/** @typedef {import('./steps.mjs').Step} Step */
/** @typedef {import('./steps.mjs').Phase} Phase */
/** @typedef {{ passed: number, failed: number }} Count */
/** @typedef {{ code: number, output: string, seconds: number }} Ended */

/**
 * @param {Phase[]} phases
 * @param {string} root
 * @param {(text: string) => void} [print]
 * @returns {Promise<Count>}
 */
export async function runSteps(phases, root, print = (text) => process.stdout.write(text)) {
  const total = { passed: 0, failed: 0 };
  for (const phase of phases) {
    const count = await runPhase(phase, root, print);
    total.passed += count.passed;
    total.failed += count.failed;
  }
  return total;
}

/**
 * @param {Phase} phase
 * @param {string} root
 * @param {(text: string) => void} print
 * @returns {Promise<Count>}
 */
async function runPhase(phase, root, print) {
  const started = performance.now();
  const deadline = started + phase.budgetSeconds * budgetsMax * 1000;
  const total = { passed: 0, failed: 0 };
  const waiting = [...phase.steps];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const count = await runStep(step, { root, print, deadline });
      total.passed += count.passed;
      total.failed += count.failed;
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
  const seconds = (performance.now() - started) / 1000;
  if (seconds <= phase.budgetSeconds) return total;
  const sentence = `${phase.name} took ${seconds.toFixed(1)} s; its budget is ${phase.budgetSeconds} s`;
  const failed = seconds > phase.budgetSeconds * budgetsMax;
  print(failed ? `FAILED   ${sentence}\n` : `slow     ${sentence} (three times that fails)\n`);
  if (failed) total.failed += 1;
  return total;
}

/**
 * @param {Step} step
 * @param {{ root: string, print: (text: string) => void, deadline: number }} run
 * @returns {Promise<Count>}
 */
async function runStep(step, { root, print, deadline }) {
  const folder = mkdtempSync(join(tmpdir(), 'kopilka-gate-'));
  try {
    const resultFile = join(folder, 'result.json');
    const reporting = step.countsTests ? ['--reporter=default', '--reporter=json', `--outputFile=${resultFile}`] : [];
    const ended = await execute({ ...step, command: [...step.command, ...reporting] }, root, deadline);
    const count = step.countsTests ? countTests(resultFile, ended.code) : countOne(ended.code);
    const what = step.countsTests ? `, ${count.passed} tests` : '';
    const fine = count.failed === 0;
    print(`${fine ? 'passed' : 'FAILED'}   ${step.name} (${ended.seconds.toFixed(1)} s${what})\n`);
    if (!fine) print(`${ended.output.trimEnd()}\n`);
    return count;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Step} step
 * @param {string} root
 * @param {number} deadline
 * @returns {Promise<Ended>}
 */
function execute(step, root, deadline) {
  const started = performance.now();
  const [program = '', ...args] = step.command;
  const env = { ...process.env, ...step.env, FORCE_COLOR: '0', NO_COLOR: '1' };
  return new Promise((resolve) => {
    // A group of its own, so that a step that hangs is ended with all it started.
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const end = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // It has ended by itself.
      }
    };
    const stopped = () => {
      end('SIGTERM');
      process.exit(130);
    };
    process.once('SIGINT', stopped).once('SIGTERM', stopped);
    let output = '';
    const take = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const remaining = Math.max(0, deadline - performance.now());
    const timer = setTimeout(() => {
      output += `\nended: three times its budget is over\n`;
      end('SIGTERM');
      setTimeout(() => end('SIGKILL'), 5000).unref();
    }, remaining);
    const finish = (/** @type {number} */ code) => {
      clearTimeout(timer);
      process.removeListener('SIGINT', stopped).removeListener('SIGTERM', stopped);
      resolve({ code, output, seconds: (performance.now() - started) / 1000 });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** @param {number} code @returns {Count} */
function countOne(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * What vitest wrote, but never green when it was not: a file that did not load has no tests to fail, and a project
 * without tests has none either.
 * @param {string} file
 * @param {number} code
 * @returns {Count}
 */
export function countTests(file, code) {
  let passed = 0;
  let failed = 0;
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    passed = result.numPassedTests;
    failed = result.numFailedTests;
  } catch {
    // It ended before it could report.
  }
  if (failed === 0 && (code !== 0 || passed === 0)) failed = 1;
  return { passed, failed };
}
