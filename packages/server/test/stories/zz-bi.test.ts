import { expect, it } from 'vitest';
import { openWorld } from '../bad-input/world.ts';
it('good', async () => {
  const w = await openWorld();
  const names = w.house.kopilka.routes.map((r) => `${r.contract.method} ${r.contract.path}`);
  console.log(
    'missing',
    names.filter((n) => !w.good.has(n)),
    'extra',
    [...w.good.keys()].filter((n) => !names.includes(n)),
  );
  for (const r of w.house.kopilka.routes) {
    const name = `${r.contract.method} ${r.contract.path}`;
    const g = w.good.get(name);
    if (!g) continue;
    let path = r.contract.path.replaceAll(/:(\w+)/g, (_, n) => encodeURIComponent(g.params?.[n] ?? 'X'));
    if (g.query) path += '?' + new URLSearchParams(g.query);
    try {
      const a = g.file
        ? await w.house.sendBytes(r.contract.method, path, g.file)
        : await w.house.call(r.contract.method, path, g.body);
      if (a.status >= 300) console.log(name, a.status, JSON.stringify(a.body).slice(0, 400));
    } catch (e) {
      console.log(name, String(e).slice(0, 200));
    }
  }
  await w.house.close();
});
