import { describe, expect, it } from 'vitest';
import { codeKey } from './code-key.ts';

describe('R26: codes are compared without case, spaces, hyphens and look-alike letters', () => {
  it.each([
    // typed            key
    ['summer-2026', 'SUMMER2026'],
    [' Summer 2026 ', 'SUMMER2026'],
    ['SUMMER—2026', 'SUMMER2026'],
    ['sum mer‑20­26', 'SUMMER2026'],
    ['SUMMER​2026', 'SUMMER2026'],
    ['ＳＵＭＭＥＲ２０２６', 'SUMMER2026'],
    // Every Cyrillic letter that looks Latin, upper and lower case.
    ['АВСЕНКМОРТХУ', 'ABCEHKMOPTXY'],
    ['авсенкмортху', 'ABCEHKMOPTXY'],
    ['ABCEHKMOPTXY', 'ABCEHKMOPTXY'],
    // Half of it typed on the other keyboard.
    ['СКИДКА15', 'CKИДKA15'],
    ['Cкидкa15', 'CKИДKA15'],
    ['подарок', 'ПOДAPOK'],
    // Ё is typed as Е.
    ['ёлка', 'EЛKA'],
    ['елка', 'EЛKA'],
    ['--- ', ''],
    ['', ''],
  ])('%j is %j', (typed, key) => {
    expect(codeKey(typed)).toBe(key);
  });

  it('tells letters from digits', () => {
    expect(codeKey('О1')).not.toBe(codeKey('01'));
    expect(codeKey('ЗИМА')).not.toBe(codeKey('3ИМА'));
  });
});
