import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../files.mjs';

/** @typedef {import('../generated.mjs').Generated} Generated */

/**
 * @param {string} root
 * @param {{ generated: Generated[], mustBeGenerated: string[] }} lists
 * @returns {Promise<string[]>}
 */
export async function generatedProblems(root, { generated, mustBeGenerated }) {
  const listed = new Set(generated.map(({ file }) => file));
  const unlisted = mustBeGenerated.filter((file) => !listed.has(file) && existsSync(join(root, file)));
  const stale = await Promise.all(generated.map((one) => freshness(root, one)));
  return [
    ...unlisted.map((file) => `${file}: has no entry in tools/generated.mjs, so nobody knows whether it is fresh`),
    ...stale.flat(),
  ];
}

/** @param {string} root @param {Generated} one @returns {Promise<string[]>} */
async function freshness(root, { file, command }) {
  const again = `${command.join(' ')} > ${file}`;
  const { code, printed, complaint } = await run(root, command);
  if (code !== 0)
    return [
      `${file}: its command failed (${command.join(' ')}): ${complaint.trim().split('\n').slice(-3).join(' · ')}`,
    ];
  if (!existsSync(join(root, file))) return [`${file}: is not there. Make it: ${again}`];
  return textOf(root, file) === printed ? [] : [`${file}: is not fresh. Make it anew: ${again}`];
}

/** @param {string} root @param {string[]} command @returns {Promise<{ code: number, printed: string, complaint: string }>} */
function run(root, [program = '', ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, printed, complaint }));
  });
}
