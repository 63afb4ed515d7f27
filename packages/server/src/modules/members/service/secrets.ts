import { createHmac } from 'node:crypto';
import type { Phone } from '#kernel/phone.ts';
import { type NumberScramble, scrambleOf } from '../domain/card.ts';

/** A phone's mark that outlives its owner's erasure. Keyed: without the secret ten billion numbers cannot be tried against it. */
export function phoneHash(secret: string, phone: Phone): Uint8Array {
  return createHmac('sha256', secret).update(`kopilka/phone/${phone}`).digest();
}

export function cardScramble(secret: string): NumberScramble {
  return scrambleOf(createHmac('sha256', secret).update('kopilka/cards').digest().readBigUInt64BE());
}
