import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phoneRegion } from '#kernel/phone.ts';
import { cardNumber, cardStates, cardTransitions, isEan13, readCard, scrambleOf } from './card.ts';
import { readEmail } from './email.ts';
import { guessIdentities, readIdentity } from './identity.ts';

const rules = { region: phoneRegion('RU'), cardPrefix: '290' };

describe('R31: an e-mail address has one spelling', () => {
  it.each([
    ['Ivan.Petrov@Mail.RU', 'ivan.petrov@mail.ru'],
    [' ivan+shop@mail.ru ', 'ivan+shop@mail.ru'],
    ['иван@почта.рф', 'иван@xn--80a1acny.xn--p1ai'],
    ['иван@xn--80a1acny.xn--p1ai', 'иван@xn--80a1acny.xn--p1ai'],
    ["o'neil@example.co.uk", "o'neil@example.co.uk"],
    ['ivan@münchen.de', 'ivan@xn--mnchen-3ya.de'],
  ])('%s is %s', (text, email) => expect(readEmail(text)).toBe(email));

  it.each([
    '',
    'ivan',
    '@mail.ru',
    'ivan@',
    'ivan@mail',
    'ivan@@mail.ru',
    'ivan@mail..ru',
    'i van@mail.ru',
    '.ivan@mail.ru',
    'ivan.@mail.ru',
    'ivan@127.0.0.1',
    'ivan@-mail.ru',
    'ivan@mail.ru/x',
    'ivan@mail.ru:25',
    'ivan@[::1]',
    `${'a'.repeat(65)}@mail.ru`,
    `ivan@${'a.'.repeat(130)}ru`,
    'ivan\u0000@mail.ru',
    '🙂@mail.ru',
  ])('%s is no address', (text) => expect(readEmail(text)).toBeNull());
});

describe('R31: cards', () => {
  it('our numbers are EAN-13 of the prefix, all different, and neighbours are far apart', () => {
    const scramble = scrambleOf(0x1234_5678_9abc_def1n);
    const numbers = Array.from({ length: 2_000 }, (_, place) => cardNumber('290', BigInt(place), scramble));
    expect(new Set(numbers).size).toBe(2_000);
    expect(numbers.every((number) => number.startsWith('290') && isEan13(number))).toBe(true);
    const steps = new Set(numbers.slice(1).map((number, index) => Number(number) - Number(numbers[index])));
    expect([...steps].every((step) => Math.abs(step) > 100)).toBe(true);
  });

  it('no two places have one number, whatever the secret', () => {
    const place = fc.bigInt({ min: 0n, max: 999_999_999n });
    const differ = fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), place, place, (seed, a, b) => {
      const scramble = scrambleOf(seed);
      return a === b || cardNumber('290', a, scramble) !== cardNumber('290', b, scramble);
    });
    expect(fc.check(differ)).toMatchObject({ failed: false });
  });

  it.each([
    ['2900000000018', '290 000 000 001 8'],
    ['2900000000018', '290-0000-0000-18'],
    ['2900000000018', ';2900000000018=99120000?'],
    ['2900000000018', '%B2900000000018^IVANOV/IVAN^9912?'],
    ['AB-1'.replace('-', ''), 'ab-1'],
    ['ВИП007', 'вип 007'],
    ['4600000000000', '4600000000000'],
    ['12', '12'],
  ])('reads %s from %s', (number, text) => expect(readCard(text, '290')).toEqual({ ok: true, number }));

  it.each([
    ['2900000000019', 'card_check_digit'],
    ['', 'card_unreadable'],
    ['  ', 'card_unreadable'],
    ['12\u000034', 'card_unreadable'],
    ['🙂', 'card_unreadable'],
    ['1'.repeat(65), 'card_unreadable'],
  ] as const)('refuses %s with %s', (text, problem) => expect(readCard(text, '290')).toEqual({ ok: false, problem }));

  it('a replaced card is replaced for ever; every other state can be left', () => {
    const finals = cardStates.filter((state) => cardTransitions[state].length === 0);
    expect(finals).toEqual(['replaced']);
    for (const from of cardStates) for (const to of cardTransitions[from]) expect(to).not.toBe(from);
  });
});

describe('R31: identities of other kinds', () => {
  it.each([
    ['telegram', '123456789', '123456789'],
    ['max', '42', '42'],
    ['vk', '1', '1'],
    ['external:1c', ' 000-Ab/7 ', '000-Ab/7'],
  ])('%s %s is %s', (kind, text, value) =>
    expect(readIdentity(kind, text, rules)).toEqual({ ok: true, identity: { kind, value } }),
  );

  it.each([
    ['telegram', '@ivan', 'account_id_invalid'],
    ['telegram', '-100123', 'account_id_invalid'],
    ['vk', '007', 'account_id_invalid'],
    ['external:1c', ' ', 'external_id_invalid'],
    ['external:', '1', 'identity_kind_unknown'],
    ['external:1С', '1', 'identity_kind_unknown'],
    ['loyalty', '1', 'identity_kind_unknown'],
    ['phone', '8 800 555-35-35', 'phone_not_personal'],
  ])('%s %s is refused with %s', (kind, text, problem) =>
    expect(readIdentity(kind, text, rules)).toEqual({ ok: false, problem }),
  );

  it.each([
    ['2900000000018', ['card 2900000000018']],
    ['8 912 345-67-89', ['phone +79123456789', 'card 89123456789']],
    ['ivan@mail.ru', ['email ivan@mail.ru']],
    ['AB123', ['card AB123']],
    ['Иванов', []],
  ])('guesses what %s may be', (text, found) =>
    expect(guessIdentities(text, rules).map(({ kind, value }) => `${kind} ${value}`)).toEqual(found),
  );
});
