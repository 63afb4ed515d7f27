import { assert } from '#kernel/assert.ts';

/** No letter or digit that is read or typed as another: 0 O Q · 1 I L · 2 Z · 5 S · 6 G · 8 B · U V. */
export const codeAlphabet = '34679ACDEFHJKMNPRTWXY';

/** Bytes at or above this would make the first letters likelier than the last. */
const fairBytes = 256 - (256 % codeAlphabet.length);

/** Letters of a code out of random bytes; '' when the bytes ran out, which a caller answers with more of them. */
export function lettersFrom(bytes: Uint8Array, length: number): string {
  let letters = '';
  for (const byte of bytes) {
    if (letters.length === length) break;
    if (byte < fairBytes) letters += codeAlphabet[byte % codeAlphabet.length];
  }
  return letters.length === length ? letters : '';
}

/** How many random bytes a code of that length is asked with: one in 60 bytes is thrown away. */
export function bytesFor(length: number): number {
  return length + 8;
}

/** How many codes fit: a pool may fill only a small part of them, or a guess would hit. */
export function isRoomyEnough(count: number, length: number): boolean {
  return BigInt(count) * leastGuessesPerHit <= BigInt(codeAlphabet.length) ** BigInt(length);
}
const leastGuessesPerHit = 1_000n;

/** SUMMER-ACDEF-HJKMN: groups of five are read aloud without losing the place. */
export function readableCode(prefix: string, letters: string): string {
  assert(letters.length > 0, 'a code has letters');
  const groups = letters.match(/.{1,5}/g) ?? [];
  return [...(prefix === '' ? [] : [prefix]), ...groups].join('-');
}
