import { describe, expect, it } from 'vitest';
import { seededRandom } from '#platform/random.ts';
import { bytesFor, codeAlphabet, isRoomyEnough, lettersFrom, readableCode } from './code-alphabet.ts';
import { codeKey } from './code-key.ts';

describe('codes that people read and type', () => {
  it('have no letter or digit that looks like another', () => {
    for (const confusing of '01258BGILOQSUVZ') expect(codeAlphabet).not.toContain(confusing);
    expect(new Set(codeAlphabet).size).toBe(codeAlphabet.length);
  });

  it('are drawn evenly: no letter is likelier than another', () => {
    const random = seededRandom(7);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 5_000; draw += 1) {
      for (const letter of lettersFrom(random.bytes(bytesFor(8)), 8)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    const expected = (5_000 * 8) / codeAlphabet.length;
    expect(counts.size).toBe(codeAlphabet.length);
    for (const count of counts.values()) expect(Math.abs(count - expected) / expected).toBeLessThan(0.1);
  });

  it('say when the bytes did not suffice', () => {
    expect(lettersFrom(new Uint8Array([255, 254, 253]), 1)).toBe('');
  });

  it.each([
    ['', 'ACDEFHJKMN', 'ACDEF-HJKMN'],
    ['NY', 'ACDEFHJ', 'NY-ACDEF-HJ'],
  ])('are grouped: %j %j', (prefix, letters, text) => {
    expect(readableCode(prefix, letters)).toBe(text);
    expect(codeKey(text)).toBe(prefix + letters);
  });

  it('leave a pool so much room that a guess hits one time in a thousand at most', () => {
    expect(isRoomyEnough(1_000_000, 10)).toBe(true);
    expect(isRoomyEnough(1_000_000, 6)).toBe(false);
  });
});
