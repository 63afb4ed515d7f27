// Types of every package and of these tools, each by its own tsconfig.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { report, repository } from './files.mjs';

const compiler = join(repository, 'node_modules/@typescript/native/bin/tsc');

const projects = ['.', ...readdirSync(join(repository, 'packages')).map((name) => `packages/${name}`)];
const unchecked = projects.filter((project) => !existsSync(join(repository, project, 'tsconfig.json')));
const outputs = await Promise.all(projects.filter((project) => !unchecked.includes(project)).map(check));
report('types', [
  ...unchecked.map((project) => `${project} has no tsconfig.json`),
  ...outputs.flatMap((output) => output.split('\n').filter((line) => line !== '')),
]);

/** @param {string} project @returns {Promise<string>} */
function check(project) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [compiler, '-p', project, '--noEmit'], { cwd: repository });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code !== 0 && output === '' ? `${project}: tsc ended with ${code}` : output));
  });
}
