import { describe, expect, it } from 'vitest';
import { examples } from './examples.ts';
import { importKinds } from './kinds.ts';
import { readMapping } from './mapping.ts';

const receipts = {
  kind: 'receipts',
  fields: { receipt_id: 'id', at: 'at', shop: { constant: 'main' }, sum: 'sum' },
};

function problemsOf(mapping: unknown): readonly string[] {
  const read = readMapping(mapping);
  return read.ok ? [] : read.refusal.details.problems;
}

describe('a mapping says what is wrong with it', () => {
  it('a right one has nothing wrong', () => {
    expect(problemsOf(receipts)).toEqual([]);
    for (const kind of importKinds) expect(problemsOf(examples[kind].mapping)).toEqual([]);
  });

  it.each([
    [{ kind: 'recipts' }, /^\/kind: /],
    [{ ...receipts, feilds: {} }, /feilds/],
    [
      { ...receipts, fields: { ...receipts.fields, customer: 'c' } },
      /^\/fields\/customer: receipts have no such field; they have phone, /,
    ],
    [
      { ...receipts, fields: { at: 'at', shop: 's', sum: 'sum' } },
      /^\/fields\/receipt_id: receipts cannot do without it/,
    ],
    [
      { ...receipts, fields: { receipt_id: 'id', at: 'at', shop: 's' } },
      /^\/fields\/sum: give sum, or price and quantity/,
    ],
    [{ ...receipts, fields: { ...receipts.fields, external_id: 'c' } }, /^\/external_system: say whose ids/],
    [
      { ...receipts, fields: { ...receipts.fields, at: { column: 'at', format: 'HH:mm' } } },
      /^\/fields\/at\/format: needs yyyy, MM and dd/,
    ],
    [
      { ...receipts, fields: { ...receipts.fields, sku: { column: 'a', format: 'dd.MM.yyyy' } } },
      /^\/fields\/sku\/format: only times/,
    ],
    [
      { ...receipts, fields: { ...receipts.fields, sku: { transforms: ['upper'] } } },
      /^\/fields\/sku: give column or columns/,
    ],
    [{ ...receipts, skip: [{ column: 'sku', in: ['A'], empty: true }] }, /^\/skip\/0: give exactly one of/],
    [{ ...receipts, skip: [{ column: 'price', at_most: 'nothing' }] }, /^\/skip\/0: nothing is not a number/],
    [{ ...receipts, money_digits: 9 }, /^\/money_digits: /],
    [{ kind: 'members', fields: { first_name: 'n' } }, /^\/fields: name the member by one of phone, email/],
    [
      { kind: 'lots', fields: { phone: 'p', points: 'b', burns_at: 'c', inactivity_days: 'd' } },
      /^\/fields\/inactivity_days: give burns_at or/,
    ],
  ])('%j', (mapping, sentence) => {
    expect(problemsOf(mapping)[0]).toMatch(sentence);
  });

  it('a mapping of another kind than the import is refused', () => {
    expect(readMapping(receipts, 'lots')).toMatchObject({ ok: false, refusal: { field: '/mapping/kind' } });
  });
});
