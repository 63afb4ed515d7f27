import type { Instant } from '#kernel/time.ts';
import type { CodeInHand } from '#modules/program/index.ts';
import { all, type Db } from '#platform/db.ts';
import { codeKey } from '../domain/code-key.ts';
import { codeState, isWrongTry, type PromoCode } from '../domain/promo-code.ts';
import { findPromoCodes } from '../store/code-lookup.ts';
import { countWrongTries, readWrongTries } from '../store/wrong-tries.ts';

export interface CodeAsker {
  readonly memberId: string | null;
  readonly now: Instant;
  /** The integration of the API key. */
  readonly integration: string;
}

/** Wrong tries within an hour (R26). A key is a whole chain's tills: its limit only stops machines. */
export const wrongTriesMax = { member: 10, key: 1_000, windowMinutes: 60 } as const;

/** More codes than anyone has in hand are not looked at. */
const codesMax = 20;

/**
 * What the codes given at a till are worth (R26): never a refusal, a bad code comes with its reason. One round trip, none without codes; a
 * second one counts wrong tries. Handed a transaction, the tries it counts live and die with it.
 */
export async function lookUpCodes(db: Db, texts: readonly string[], asker: CodeAsker): Promise<CodeInHand[]> {
  const asked = texts.slice(0, codesMax).map((text) => ({ text, key: codeKey(text) }));
  const keys = [...new Set(asked.map(({ key }) => key).filter((key) => key !== ''))];
  if (keys.length === 0) return asked.map(({ text }) => inHand(text, 'unknown', null));
  const limits = subjectsOf(asker);
  const since = asker.now.subtract({ minutes: wrongTriesMax.windowMinutes });
  const finding = findPromoCodes(db, keys);
  const counting = readWrongTries(db, [...limits.keys()], since);
  await all([finding, counting]);
  const [found, tries] = [await finding, await counting];
  const barred = [...limits].some(([subject, max]) => (tries.get(subject) ?? 0) >= max);
  if (barred) return asked.map(({ text }) => inHand(text, 'too_many_tries', null));
  const answers = asked.map(({ text, key }) => {
    const code = found.get(key);
    return inHand(text, code ? codeState(code, asker.memberId, asker.now) : 'unknown', code ?? null);
  });
  const wrong = [
    ...new Set(asked.filter((_, index) => isWrongTry(answers[index]?.state ?? 'usable')).map(({ key }) => key)),
  ];
  const lastKey = wrong.at(-1);
  if (lastKey !== undefined) {
    // Sorted, so that two sales with wrong codes take their locks in the same order.
    const subjects = [...limits.keys()].sort();
    await all(
      subjects.map((subject) => countWrongTries(db, subject, { tries: wrong.length, lastKey, now: asker.now, since })),
    );
  }
  return answers;
}

function subjectsOf(asker: CodeAsker): Map<string, number> {
  const subjects = new Map<string, number>([[`key:${asker.integration}`, wrongTriesMax.key]]);
  if (asker.memberId !== null) subjects.set(`member:${asker.memberId}`, wrongTriesMax.member);
  return subjects;
}

/** Another member's code and one that does not exist look the same from outside: nothing to point at. */
function inHand(text: string, state: CodeInHand['state'], code: PromoCode | null): CodeInHand {
  const known = code !== null && !isWrongTry(state);
  return { text, state, promotionCode: known ? code.promotionCode : null, promoCodeId: known ? code.codeKey : null };
}
