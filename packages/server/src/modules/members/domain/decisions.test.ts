import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { required } from '#kernel/assert.ts';
import { type ConsentEntry, consentsToTakeOver, currentConsents, isAllowed } from './consent.ts';
import { changeFields, type FieldDefinition, impersonalFields } from './fields.ts';
import { emptyProfile } from './member.ts';
import { changeProfile } from './profile.ts';
import { planSearch, scoreOf, searchLine } from './search-text.ts';

const now = Temporal.Instant.from('2026-11-22T12:00:00Z');
const label = { ru: 'Поле', en: 'Field' };
const choices = ['dry', 'oily'].map((code) => ({ code, label }));
const definitions: FieldDefinition[] = [
  { code: 'nickname', type: 'text', label, choices: [], personal: true },
  { code: 'children', type: 'integer', label, choices: [], personal: false },
  { code: 'wedding', type: 'date', label, choices: [], personal: true },
  { code: 'subscriber', type: 'boolean', label, choices: [], personal: false },
  { code: 'skin', type: 'choice', label, choices, personal: false },
  { code: 'concerns', type: 'list', label, choices, personal: false },
];

describe('custom fields', () => {
  it.each([
    ['nickname', 'Ваня'],
    ['children', 3],
    ['wedding', '2020-02-29'],
    ['subscriber', false],
    ['skin', 'dry'],
    ['concerns', ['oily', 'dry']],
  ])('%s takes %s', (code, value) =>
    expect(changeFields(definitions, {}, { [code]: value })).toEqual({ ok: true, value: { [code]: value } }),
  );

  it.each([
    ['nickname', 5, 'field_invalid'],
    ['nickname', '', 'field_invalid'],
    ['children', '3', 'field_invalid'],
    ['children', 1.5, 'field_invalid'],
    ['children', 2 ** 60, 'field_invalid'],
    ['wedding', '2021-02-29', 'field_invalid'],
    ['wedding', '29.02.2020', 'field_invalid'],
    ['subscriber', 'yes', 'field_invalid'],
    ['skin', 'normal', 'field_invalid'],
    ['concerns', 'dry', 'field_invalid'],
    ['concerns', [], 'field_invalid'],
    ['concerns', ['dry', 'normal'], 'field_invalid'],
    ['shoe_size', 42, 'field_unknown'],
  ])('%s does not take %s', (code, value, refusal) =>
    expect(changeFields(definitions, {}, { [code]: value })).toMatchObject({
      ok: false,
      refusal: { code: refusal, field: `/fields/${code}` },
    }),
  );

  it('null takes a value away, what is not named stays', () => {
    const before = { children: 2, skin: 'dry' };
    expect(changeFields(definitions, before, { skin: null })).toEqual({ ok: true, value: { children: 2 } });
  });

  it('R34: an erasure keeps only what tells nothing about the person', () => {
    const values = { nickname: 'Ваня', children: 2, forgotten: 'x' };
    expect(impersonalFields(definitions, values)).toEqual({ children: 2 });
  });
});

describe('profiles', () => {
  const context = { now, definitions };
  it.each([
    [{ birthday: Temporal.PlainDate.from('2027-01-01') }, 'birthday_impossible'],
    [{ birthday: Temporal.PlainDate.from('1899-12-31') }, 'birthday_impossible'],
    [{ zone: 'Europe/Nowhere' }, 'zone_unknown'],
    [{ zone: '+03:00' }, 'zone_unknown'],
    [{ fields: { unknown: 1 } }, 'field_unknown'],
  ])('%o is refused with %s', (changes, code) =>
    expect(changeProfile(emptyProfile, changes, context)).toMatchObject({ ok: false, refusal: { code } }),
  );

  it('keeps 29 February as it is (R3) and cleans names', () => {
    const birthday = Temporal.PlainDate.from('2000-02-29');
    const changed = changeProfile(emptyProfile, { birthday, firstName: '  Анна   Мария ', lastName: ' ' }, context);
    expect(changed).toMatchObject({ ok: true, value: { firstName: 'Анна Мария', lastName: null } });
    expect(changed.ok && String(changed.value.birthday)).toBe('2000-02-29');
  });
});

function word(given: boolean, hour: number, more: Partial<ConsentEntry> = {}): ConsentEntry {
  const at = now.add({ hours: hour });
  const shown = given ? { textShown: 'Согласен', proof: { kind: 'checkbox' } } : { textShown: null, proof: null };
  const id = `${given}-${hour}-${more.channel ?? 'sms'}`;
  return {
    consentId: id,
    channel: 'sms',
    purpose: 'advertising',
    given,
    at,
    source: 'till',
    shopId: null,
    ...shown,
    ...more,
  };
}

describe('R33: consents', () => {
  it('the last word counts; at one instant "no" is stronger', () => {
    expect(currentConsents([word(true, 1), word(false, 2)])).toMatchObject([{ given: false }]);
    expect(currentConsents([word(false, 2), word(true, 3)])).toMatchObject([{ given: true }]);
    expect(currentConsents([word(false, 1), word(true, 1)])).toMatchObject([{ given: false }]);
    expect(currentConsents([word(true, 1), word(false, 1)])).toMatchObject([{ given: false }]);
  });

  it('no proof means no consent', () => {
    expect(currentConsents([word(true, 1, { proof: null })])).toEqual([]);
    expect(currentConsents([word(true, 1, { textShown: null })])).toEqual([]);
    expect(currentConsents([word(false, 1), word(true, 2, { proof: null })])).toMatchObject([{ given: false }]);
  });

  it.each([
    ['nothing was said', [], false],
    ['yes for sms', [word(true, 1)], true],
    ['yes for e-mail only', [word(true, 1, { channel: 'email' })], false],
    ['yes for any channel', [word(true, 1, { channel: 'any' })], true],
    ['yes for sms, later no for all', [word(true, 1), word(false, 2, { channel: 'any' })], false],
    ['no for all, later yes for sms', [word(false, 1, { channel: 'any' }), word(true, 2)], true],
    ['yes for another purpose', [word(true, 1, { purpose: 'service' })], false],
  ] as const)('advertising by sms when %s: %s', (_name, log, allowed) =>
    expect(isAllowed(currentConsents(log), 'sms', 'advertising')).toBe(allowed),
  );

  it.each([
    ['yes', 'yes', 0],
    ['yes', 'no', 1],
    ['no', 'yes', 0],
    ['no', 'no', 0],
    ['', 'yes', 1],
    ['', 'no', 1],
    ['no', '', 0],
  ])('R32: survivor says "%s", absorbed "%s": %s words are taken over', (survivor, absorbed, count) => {
    const said = (text: string) => (text === '' ? [] : [word(text === 'yes', 1)]);
    expect(consentsToTakeOver(said(survivor), said(absorbed))).toHaveLength(count);
  });
});

describe('search', () => {
  const line = searchLine(['Салтыков-Щедрин', 'Пётр', "О'Нил", '79123456789', 'petr@mail.ru']);
  it('folds case, ё and apostrophes, and divides double names', () => {
    expect(line).toBe(' салтыков щедрин петр онил 79123456789 petr@mail.ru ');
  });

  it.each([
    ['Пётр', ['%петр%'], []],
    ['ПЕТР салт', ['%петр%', '%салт%'], []],
    ['щедрин п', ['%щедрин%'], ['% п%']],
    ['пе', ['% пе%'], []],
    ['100%_\\', ['%100\\%\\_\\\\%'], []],
    ['6789', ['%6789 %'], []],
    ['345-67', ['%34567%'], []],
    ['+7 (912) 345', ['%912345%'], []],
    ['8912345', ['%912345%'], []],
  ])('%s is looked for as %s', (query, indexed, filters) =>
    expect(planSearch(query)).toMatchObject({ indexed, filters }),
  );

  it.each(['', ' ', 'п', 'п е', '123', '--'])('"%s" is too little', (query) => expect(planSearch(query)).toBeNull());

  it('words that are whole come before beginnings, beginnings before middles', () => {
    const plan = required(planSearch('иван'), 'a plan');
    const score = (text: string) => scoreOf(searchLine([text]), plan);
    expect(score('Иванов Иван')).toBeGreaterThan(score('Иванов Пётр'));
    expect(score('Иванов Пётр')).toBeGreaterThan(score('Неиванов Пётр'));
  });
});
