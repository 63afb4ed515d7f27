import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, houseZone, openHouse } from '#test/house.ts';
import { runProgram } from './program.ts';

let house: House;
let folder: string;

const document = (rate: string, more: Record<string, unknown> = {}) => ({
  ...{ format: 1, name: 'Cosmetics', redeeming: { rate: '30' } },
  tiers: {
    list: [{ code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: rate, redeem_rate: '50' }],
  },
  promotions: [
    { code: 'five', name: 'Five', effects: [{ kind: 'percent_off', percent: '5' }] },
    {
      ...{ code: 'thousand', name: 'Thousand', conditions: [{ kind: 'receipt_sum', from: 1_000_00 }] },
      effects: [{ kind: 'earn_fixed', points: 100 }],
    },
  ],
  ...more,
});

beforeAll(async () => {
  house = await openHouse();
  folder = mkdtempSync(join(tmpdir(), 'kopilka-verbs-'));
  await house.shop('main');
  await house.product('TEA', 400_00);
  await house.member('+79161234567');
});

afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function run(...args: string[]): Promise<{ code: number; answer: string; remarks: string }> {
  let answer = '';
  let remarks = '';
  const code = await runProgram({
    args,
    env: {
      ...{ DATABASE_URL: house.url, KOPILKA_SECRET: 's'.repeat(32), KOPILKA_DATA_DIR: folder },
      ...{ KOPILKA_LOG_LEVEL: 'silent', KOPILKA_TIME_ZONE: houseZone },
    },
    person: 'tester',
    streams: {
      answers: { write: (text: string) => (answer += text) },
      remarks: { write: (text: string) => (remarks += text) },
    },
    signal: new AbortController().signal,
  });
  return { code, answer, remarks };
}

const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).answer);

describe('kopilka program', () => {
  it('before anything is published there is nothing to show', async () => {
    expect(await run('program', 'show')).toMatchObject({ code: 1, remarks: 'No program is published yet.\n' });
  });

  it('validate: exit 0 for a good document, 1 and every problem with its path for a bad one', async () => {
    expect(await run('program', 'validate', file('good.json', document('5')))).toMatchObject({
      code: 0,
      answer: 'valid\n',
    });
    const bad = file('bad.json', document('much', { redeeming: { rate: '-1' } }));
    const refused = await run('program', 'validate', bad, '--language', 'en');
    expect(refused).toMatchObject({ code: 1, answer: '' });
    expect(refused.remarks).toMatch(/^error \/tiers\/list\/0\/earn_rate: /m);
    expect(refused.remarks).toMatch(/^error \/redeeming\/rate: /m);
    expect((await json('program', 'validate', bad)).refused).toMatchObject({
      code: 'program_invalid',
      problems: expect.arrayContaining([expect.objectContaining({ path: '/redeeming/rate', severity: 'error' })]),
    });
  });

  it.each([
    [['program', 'validate', '/nowhere/at-all.json'], 1, /cannot be read: ENOENT/],
    [['program', 'rollback', 'yesterday'], 2, /a version is a number/],
    [['program', 'rollback', '99'], 1, /There is no such version/],
    [['program', 'simulate', '--from', 'spring', '--to', '2026-03-31'], 2, /a day is written/],
    [['program', 'simulate', '--from', '2026-01-01'], 2, /--to/],
    [['quote', '/nowhere/at-all.json'], 1, /cannot be read/],
  ])('%j ends with %i', async (args, code, remarks) => {
    expect(await run(...args)).toMatchObject({ code, remarks: expect.stringMatching(remarks) });
  });

  it('publish, show, diff, rollback', async () => {
    const first = file('first.json', document('5'));
    expect(await run('program', 'publish', first, '--comment', 'the beginning')).toMatchObject({
      code: 0,
      answer: 'version 1: published\n',
    });
    const shown = await run('program', 'show', '--language', 'en');
    expect(shown.answer).toMatch(/^Cosmetics, version 1 \(in force\)\npublished \S+ by tester: the beginning\n/);
    expect(shown.answer).toMatch(/^base +Base +5 % +50 %$/m);
    expect(shown.answer).toMatch(/^five +on +\S/m);
    const second = file('second.json', document('10'));
    expect((await run('program', 'diff', '1', second, '--language', 'en')).answer).toContain('5 → 10');
    expect((await run('program', 'diff', '1', first)).answer).toBe('no differences\n');
    await run('program', 'publish', second);
    expect(await json('program', 'diff', '1', '2')).toHaveLength(1);
    expect(await json('program', 'show', '1')).toMatchObject({ number: 1, inForce: false });
    expect(await run('program', 'rollback', '1')).toMatchObject({
      code: 0,
      answer: 'version 3: restored from version 1\n',
    });
    const again = file('again.json', (await run('program', 'show', '--document')).answer);
    expect((await run('program', 'diff', '1', again)).answer).toBe('no differences\n');
  });

  it('a draft that somebody works on is not lost by publishing a file, unless told so', async () => {
    await house.ok('PUT', '/v1/program/draft', { document: document('7') });
    const fourth = file('fourth.json', document('5', { name: 'Fourth' }));
    expect(await run('program', 'publish', fourth)).toMatchObject({
      code: 1,
      remarks: expect.stringContaining('--replace'),
    });
    expect((await run('program', 'diff', '3', 'draft', '--language', 'en')).answer).toContain('5 → 7');
    expect(await run('program', 'publish', fourth, '--replace')).toMatchObject({ code: 0 });
    expect(await run('program', 'diff', '3', 'draft')).toMatchObject({ code: 1, remarks: 'There is no draft.\n' });
  });
});

const receipt = {
  shop: 'main',
  member: { phone: '+7 916 123-45-67' },
  lines: [{ sku: 'TEA', quantity: 2000, sum: 800_00 }],
};

describe('kopilka quote', () => {
  // Another process published: the house hears of it at its next poll.
  beforeAll(() => house.kopilka.program.port.refresh());

  it('prints lines, totals, and what applied or did not, with the reason, in Russian', async () => {
    const printed = await run('quote', file('receipt.json', receipt));
    expect(printed).toMatchObject({ code: 0, remarks: '' });
    const plain = printed.answer.replaceAll('\u00a0', ' ');
    expect(plain).toMatch(/^1 +TEA +800 ₽ +five 40 ₽ +760 ₽ +38$/m);
    expect(plain).toMatch(/^к оплате +760 ₽$/m);
    expect(plain).toMatch(/Участник: уровень base/);
    const [applied = '', missed = ''] = plain.split('Что не сработало и почему:');
    expect(applied).toMatch(/^акция .*five/m);
    expect(missed).toMatch(/^начисление +thousand: .*1 000 ₽/m);
  });

  it('speaks English, and answers as HTTP does with --json', async () => {
    const path = file('receipt.json', { ...receipt, redeem: 'max' });
    expect((await run('quote', path, '--language', 'en')).answer).toContain('What did not apply, and why:');
    const answered = await house.call('POST', '/v1/checkout/quote', { ...receipt, redeem: 'max' }, { language: 'en' });
    expect(await json('quote', path, '--language', 'en')).toEqual(answered.body);
  });

  it('says what is wrong with a receipt', async () => {
    const path = file('wrong.json', { ...receipt, lines: [{ sku: 'TEA', quantity: 1.5, sum: 1 }] });
    expect(await run('quote', path)).toMatchObject({
      code: 2,
      remarks: expect.stringMatching(/^\/lines\/0\/quantity: /),
    });
    const nowhere = file('nowhere.json', { ...receipt, shop: 'moon' });
    expect(await run('quote', nowhere)).toMatchObject({ code: 1, remarks: 'There is no such shop. (/shop)\n' });
  });
});

describe('kopilka program simulate', () => {
  const period = ['--from', '2026-03-01', '--to', '2026-03-31'];

  it('prints both sides, by promotion and tier, and who gains or loses', async () => {
    for (const [index, sum] of [500_00, 1_500_00, 900_00].entries()) {
      house.clock.advance({ hours: 1 });
      const lines = [{ sku: 'TEA', quantity: 1000, sum }];
      await house.ok('POST', '/v1/checkout/confirm', { ...receipt, id: `S-${index + 1}`, lines });
    }
    const draft = file('draft.json', document('10', { promotions: document('10').promotions.slice(1) }));
    const printed = await run('program', 'simulate', draft, ...period, '--language', 'en');
    expect(printed.code).toBe(0);
    expect(printed.answer).toMatch(/^3 receipts$/m);
    // 5 % off 2 900 ₽; 5 % of 475, 1 425 and 855 ₽ and 100 points; 10 % of the whole and 100 points.
    expect(printed.answer).toMatch(/^discounts +₽145 +₽0 +−₽145$/m);
    expect(printed.answer).toMatch(/^earned points +236 +390 +\+154$/m);
    expect(printed.answer).toMatch(/^five +3 +₽145 +0 +–$/m);
    expect(printed.answer).toMatch(/^thousand +1 +₽0 +100 +1 +₽0 +100$/m);
    expect(printed.answer).toMatch(/^base +3 +₽2,755 +236 +0 +3 +₽2,900 +390 +0$/m);
    expect(printed.answer).toMatch(/^main +S-2 +\S+ +\+₽4$/m);
    expect(printed.remarks).toContain('receipts: 100 % (3 of 3)');
  });

  it('answers as HTTP does with --json; stops after --max', async () => {
    const draft = document('10');
    const answered = await house.ok('POST', '/v1/program/simulate', {
      from: '2026-03-01',
      to: '2026-03-31',
      document: draft,
    });
    const path = file('draft.json', draft);
    expect(await json('program', 'simulate', path, ...period)).toEqual(answered);
    expect(await json('program', 'simulate', path, ...period, '--max', '2')).toMatchObject({
      ...{ receipts: 2, complete: false },
    });
  });

  it('a draft with mistakes is refused with all of them', async () => {
    const refused = await run('program', 'simulate', file('bad.json', document('much')), ...period);
    expect(refused).toMatchObject({ code: 1, remarks: expect.stringMatching(/^error \/tiers\/list\/0\/earn_rate: /) });
  });
});
