import { describe, expect, it, onTestFinished } from 'vitest';
import { fixture } from './fixture.ts';
import { countTests, runSteps } from './gate/run.mjs';
import { phases } from './gate/steps.mjs';

function plant(files: Record<string, string> = {}): string {
  const planted = fixture(files);
  onTestFinished(() => planted.remove());
  return planted.root;
}

describe('what the gate counts', () => {
  const node = (script: string) => ['node', '-e', script];

  async function run(steps: { name: string; command: string[]; countsTests?: boolean }[], budgetSeconds = 20) {
    const lines: string[] = [];
    const count = await runSteps([{ name: 'planted', budgetSeconds, steps }], plant(), (text) => lines.push(text));
    return { count, printed: lines.join('') };
  }

  it('a step that fails is counted and its output printed, that of the others is not', async () => {
    const { count, printed } = await run([
      { name: 'good', command: node('console.log("calm")') },
      { name: 'bad', command: node('console.error("the reason"); process.exit(1)') },
      { name: 'absent', command: ['no-such-program'] },
    ]);
    expect(count).toEqual({ passed: 1, failed: 2 });
    expect(printed).toContain('the reason');
    expect(printed).not.toContain('calm');
  });

  it('tests are counted one by one', async () => {
    const result = JSON.stringify({ numPassedTests: 7, numFailedTests: 2 });
    const write = `const file = process.argv.find((a) => a.startsWith('--outputFile=')).slice(13);
      require('node:fs').writeFileSync(file, '${result}'); process.exit(1)`;
    const { count } = await run([{ name: 'tests', command: [...node(write), '--'], countsTests: true }]);
    expect(count).toEqual({ passed: 7, failed: 2 });
  });

  it('over its budget it warns, over three times its budget it is ended and fails', async () => {
    const slow = await run([{ name: 'slow', command: node('setTimeout(() => {}, 700)') }], 0.5);
    expect(slow.count).toEqual({ passed: 1, failed: 0 });
    expect(slow.printed).toContain('its budget is 0.5 s');
    const endless = await run([{ name: 'endless', command: node('setInterval(() => {}, 1000)') }], 0.3);
    expect(endless.count.failed).toBeGreaterThan(0);
    expect(endless.printed).toContain('three times its budget is over');
  });

  it.each([
    ['tests that pass', '{ "numPassedTests": 3, "numFailedTests": 0 }', 0, { passed: 3, failed: 0 }],
    ['a file that did not load', '{ "numPassedTests": 3, "numFailedTests": 0 }', 1, { passed: 3, failed: 1 }],
    ['no tests at all', '{ "numPassedTests": 0, "numFailedTests": 0 }', 0, { passed: 0, failed: 1 }],
    ['a report that was never written', '', 0, { passed: 0, failed: 1 }],
  ])('%s', (_what, text, code, count) => {
    expect(countTests(`${plant({ 'result.json': text })}/result.json`, code)).toEqual(count);
  });

  it('runs every project there is', async () => {
    const { default: config } = await import('../vitest.config.ts');
    const projects = config.test?.projects?.map((one) =>
      typeof one === 'object' && 'test' in one ? one.test?.name : one,
    );
    const run = phases.flatMap(({ steps }) =>
      steps.flatMap(({ command }) => command.slice(command.indexOf('--project') + 1)),
    );
    expect(projects?.filter((project) => !run.includes(String(project)))).toEqual([]);
  });
});
