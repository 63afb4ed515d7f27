import { type Instant, isAtOrBefore } from '#kernel/time.ts';

export const consentChannels = ['any', 'sms', 'call', 'email', 'telegram', 'max', 'vk', 'push', 'wallet'] as const;
export type ConsentChannel = (typeof consentChannels)[number];

/** personal_data: processing at all, with the channel "any". */
export const consentPurposes = ['advertising', 'service', 'profiling', 'personal_data'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** How it can be shown later that the person agreed: a code they typed, a box they ticked, a signed form. */
export interface ConsentProof {
  readonly kind: string;
  readonly reference?: string | undefined;
}

export interface ConsentEntry {
  readonly consentId: string;
  readonly channel: ConsentChannel;
  readonly purpose: ConsentPurpose;
  readonly given: boolean;
  readonly at: Instant;
  readonly source: string;
  readonly shopId: string | null;
  readonly textShown: string | null;
  readonly proof: ConsentProof | null;
}

/** No proof means no consent; taking one back needs none (R33). */
export function isProven(entry: Pick<ConsentEntry, 'given' | 'proof' | 'textShown'>): boolean {
  return !entry.given || (entry.proof !== null && entry.textShown !== null);
}

/** Where a member stands: the last word on each channel and purpose. At one instant a "no" is stronger than a "yes". */
export function currentConsents(entries: readonly ConsentEntry[]): ConsentEntry[] {
  const latest = new Map<string, ConsentEntry>();
  for (const entry of entries) {
    if (!isProven(entry)) continue;
    const key = `${entry.purpose} ${entry.channel}`;
    const known = latest.get(key);
    if (known === undefined || isStronger(entry, known)) latest.set(key, entry);
  }
  return [...latest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function isStronger(entry: ConsentEntry, known: ConsentEntry): boolean {
  const order = Number(isAtOrBefore(known.at, entry.at)) - Number(isAtOrBefore(entry.at, known.at));
  return order === 0 ? !entry.given : order > 0;
}

/** May we? The channel's own word or the word on all channels, whichever came last. */
export function isAllowed(current: readonly ConsentEntry[], channel: ConsentChannel, purpose: ConsentPurpose): boolean {
  const words = current.filter((entry) => entry.purpose === purpose && [channel, 'any'].includes(entry.channel));
  const [first, ...others] = words;
  if (first === undefined) return false;
  return others.reduce((last, entry) => (isStronger(entry, last) ? entry : last), first).given;
}

export interface ConsentTransfer {
  /** The entry whose word is taken over, with its text and proof. */
  readonly from: ConsentEntry;
  /** What the receiving member's word was: null when there was none. */
  readonly before: ConsentEntry | null;
}

/**
 * What the survivor of a merge takes over from the absorbed member: a word on what the survivor never spoke of, and every "no" against a "yes"
 * (R32: the stricter wins).
 */
export function consentsToTakeOver(
  survivor: readonly ConsentEntry[],
  absorbed: readonly ConsentEntry[],
): ConsentTransfer[] {
  return absorbed.flatMap((from) => {
    const before = survivor.find((entry) => entry.purpose === from.purpose && entry.channel === from.channel) ?? null;
    return before === null || (before.given && !from.given) ? [{ from, before }] : [];
  });
}

export interface ConsentMemento {
  readonly channel: ConsentChannel;
  readonly purpose: ConsentPurpose;
  /** The entry that the merge wrote into the survivor's log. */
  readonly consentId: string;
  /** The survivor's own entry that it took the place of. */
  readonly beforeId: string | null;
}

export type ConsentDraft = Pick<ConsentEntry, 'channel' | 'purpose' | 'given' | 'textShown' | 'proof' | 'shopId'>;

/**
 * What the survivor's log needs when a merge is undone: its own word back where the taken-over one is still the last. Where it had none, "no":
 * the yes was another person's.
 */
export function survivorAfterUndo(log: readonly ConsentEntry[], mementos: readonly ConsentMemento[]): ConsentDraft[] {
  const current = currentConsents(log);
  return mementos.flatMap((memento) => {
    const last = current.find((entry) => entry.purpose === memento.purpose && entry.channel === memento.channel);
    if (last?.consentId !== memento.consentId) return [];
    const before = log.find((entry) => entry.consentId === memento.beforeId);
    if (before !== undefined) return [draftOf(before)];
    return last.given ? [{ ...draftOf(last), given: false, textShown: null, proof: null }] : [];
  });
}

/** Whoever said "no" while the two were one meant both: the absorbed member keeps that word. */
export function absorbedAfterUndo(
  survivorLog: readonly ConsentEntry[],
  absorbedLog: readonly ConsentEntry[],
  mergedAt: Instant,
): ConsentDraft[] {
  const absorbed = currentConsents(absorbedLog);
  return currentConsents(survivorLog)
    .filter((entry) => !entry.given && isAtOrBefore(mergedAt, entry.at) && !['merge', 'unmerge'].includes(entry.source))
    .filter((entry) => isAllowed(absorbed, entry.channel, entry.purpose) || entry.channel === 'any')
    .map(draftOf);
}

function draftOf(entry: ConsentEntry): ConsentDraft {
  const { channel, purpose, given, textShown, proof, shopId } = entry;
  return { channel, purpose, given, textShown, proof, shopId };
}
