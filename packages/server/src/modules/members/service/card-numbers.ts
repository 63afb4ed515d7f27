import type { Tx } from '#platform/db.ts';
import { cardNumber } from '../domain/card.ts';
import { readIdentity } from '../domain/identity.ts';
import { takeCardPlaces } from '../store/cards.ts';
import { findOwnersOf } from '../store/identities.ts';
import type { MembersDeps } from './deps.ts';
import { cardScramble } from './secrets.ts';

const drawsMax = 10;

/**
 * Numbers nobody has. A place in the sequence is drawn once; a number made of it is taken only where cards of another system begin with our
 * prefix, so a second draw is rare.
 */
export async function drawCardNumbers(
  tx: Tx,
  deps: Pick<MembersDeps, 'settings' | 'secret'>,
  count: number,
): Promise<string[]> {
  const scramble = cardScramble(deps.secret);
  const free: string[] = [];
  for (let draw = 0; draw < drawsMax && free.length < count; draw += 1) {
    const places = await takeCardPlaces(tx, count - free.length);
    const numbers = places.map((place) => cardNumber(deps.settings.cardPrefix, place, scramble));
    const identities = numbers.flatMap((number) => {
      const reading = readIdentity('card', number, deps.settings);
      return reading.ok ? [reading.identity] : [];
    });
    const owned = new Set((await findOwnersOf(tx, identities)).map((owner) => owner.value));
    free.push(...numbers.filter((number) => !owned.has(number)));
  }
  if (free.length < count) throw new Error('the range of card numbers is used up: choose another prefix');
  return free;
}
