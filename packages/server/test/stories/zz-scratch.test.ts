import { appendFileSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { at, openHouse } from '../house.ts';
import { differences, filledIn, pageSteps, pageText } from '../manual-page.ts';
it('show', async () => {
  const house = await openHouse();
  const bindings = new Map<string, unknown>();
  writeFileSync('/tmp/out.txt', '');
  const pages = (process.env['PAGES'] ?? 'README.md').split(',');
  for (const page of pages) {
    let last: any = null;
    for (const step of pageSteps(pageText(page))) {
      if (step.kind === 'clock') {
        house.clock.set(at(step.local));
        await house.runDue();
        continue;
      }
      if (step.kind === 'request') {
        const a = step.headers['Authorization'] ? filledIn(step.headers['Authorization'], bindings) : undefined;
        const { Authorization: _, ...headers } = step.headers;
        last = await house.call(
          step.method,
          filledIn(step.path, bindings),
          step.body === undefined ? undefined : JSON.parse(filledIn(step.body, bindings)),
          { ...(a?.startsWith('Bearer kpk_') ? { key: a.replace('Bearer ', '') } : {}), headers },
        );
        if (page === pages.at(-1))
          appendFileSync(
            '/tmp/out.txt',
            `\n#### ${page}:${step.line} ${step.method} ${step.path}\n${last.status} ${JSON.stringify(last.body, null, 1)}\n`,
          );
        continue;
      }
      const wrong = differences(step.body === undefined ? {} : JSON.parse(step.body), last.body, bindings);
      if (page === pages.at(-1) && (wrong.length > 0 || step.status !== last.status))
        appendFileSync('/tmp/out.txt', `WRONG ${step.status}/${last.status} ${wrong.join('\n')}\n`);
    }
  }
  appendFileSync('/tmp/out.txt', JSON.stringify(await house.auditProblems()));
  await house.close();
});
