import { type PhoneProblem, type PhoneRegion, readPhone } from '#kernel/phone.ts';
import type { Instant } from '#kernel/time.ts';
import { type CardReading, type CardState, isEan13, readCard } from './card.ts';
import { readEmail } from './email.ts';
import type { MemberId } from './member.ts';

export const plainKinds = ['phone', 'email', 'card', 'telegram', 'max', 'vk'] as const;
export type ExternalKind = `external:${string}`;
export type IdentityKind = (typeof plainKinds)[number] | ExternalKind;

/** What finds a member, in its one spelling. Made only by `readIdentity`. */
declare const identityBrand: unique symbol;
export interface Identity {
  readonly kind: IdentityKind;
  readonly value: string;
  readonly [identityBrand]: true;
}

/** An identity as its owner has it. */
export interface HeldIdentity {
  readonly identityId: string;
  readonly memberId: MemberId;
  readonly kind: IdentityKind;
  readonly value: string;
  /** Anything but a card is always active. */
  readonly state: CardState;
  readonly addedAt: Instant;
  /** When its owner proved to have it: a code typed in, a message from the account. */
  readonly confirmedAt: Instant | null;
  readonly proof: IdentityProof | null;
  readonly source: string;
}

export interface IdentityProof {
  readonly kind: string;
  readonly reference?: string | undefined;
}

/** How the installation reads what people type. */
export interface ReadingRules {
  readonly region: PhoneRegion;
  readonly cardPrefix: string;
}

export type IdentityProblem =
  | PhoneProblem
  | Extract<CardReading, { ok: false }>['problem']
  | 'email_invalid'
  | 'account_id_invalid'
  | 'external_id_invalid'
  | 'identity_kind_unknown';

export type IdentityReading =
  | { readonly ok: true; readonly identity: Identity }
  | { readonly ok: false; readonly problem: IdentityProblem };

const externalKind = /^external:[a-z0-9][a-z0-9_-]{0,62}$/;
const externalMax = 200;

function isIdentityKind(kind: string): kind is IdentityKind {
  return (plainKinds as readonly string[]).includes(kind) || externalKind.test(kind);
}

export function readIdentity(kind: string, text: string, rules: ReadingRules): IdentityReading {
  if (!isIdentityKind(kind)) return { ok: false, problem: 'identity_kind_unknown' };
  switch (kind) {
    case 'phone': {
      const reading = readPhone(text, rules.region);
      return reading.ok ? identity(kind, reading.phone) : reading;
    }
    case 'email': {
      const email = readEmail(text);
      return email === null ? { ok: false, problem: 'email_invalid' } : identity(kind, email);
    }
    case 'card': {
      const reading = readCard(text, rules.cardPrefix);
      return reading.ok ? identity(kind, reading.number) : reading;
    }
    case 'telegram':
    case 'max':
    case 'vk':
      // The account's number, not its @name: names are given up and taken by others.
      return /^[1-9]\d{0,18}$/.test(text) ? identity(kind, text) : { ok: false, problem: 'account_id_invalid' };
    default:
      return readExternal(kind, text);
  }
}

/** Other systems' ids are kept as they are: case may matter to them. */
function readExternal(kind: IdentityKind, text: string): IdentityReading {
  const cleaned = text.normalize('NFC').trim();
  if (cleaned === '' || cleaned.length > externalMax) return { ok: false, problem: 'external_id_invalid' };
  return identity(kind, cleaned);
}

function identity(kind: IdentityKind, value: string): IdentityReading {
  return { ok: true, identity: { kind, value } as Identity };
}

/** What a text without a kind may be, likeliest first: a search box, a scanner. */
export function guessIdentities(text: string, rules: ReadingRules): Identity[] {
  const trimmed = text.trim();
  const kinds: IdentityKind[] = [];
  if (trimmed.includes('@')) kinds.push('email');
  // Our card looks like a telephone to nobody; another's number may.
  if (isEan13(trimmed)) kinds.push('card', 'phone');
  else if (/^\+?[\d\s().-]+$/.test(trimmed)) kinds.push('phone', 'card');
  else if (/\d/.test(trimmed)) kinds.push('card');
  return kinds.flatMap((kind) => {
    const reading = readIdentity(kind, trimmed, rules);
    return reading.ok ? [reading.identity] : [];
  });
}

/** The order in which rows are claimed: two registrations that share identities then wait for each other and do not deadlock. */
export function compareIdentities(first: Identity, second: Identity): number {
  const [a, b] = [`${first.kind} ${first.value}`, `${second.kind} ${second.value}`];
  return a < b ? -1 : a > b ? 1 : 0;
}
