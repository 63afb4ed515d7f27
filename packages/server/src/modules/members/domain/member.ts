import type { Instant, PlainDate } from '#kernel/time.ts';
import type { FieldValues } from './fields.ts';

export type MemberId = string;

export const memberStatuses = ['active', 'blocked', 'merged', 'erased'] as const;
export type MemberStatus = (typeof memberStatuses)[number];

export const genders = ['female', 'male'] as const;
export type Gender = (typeof genders)[number];
export type Language = 'ru' | 'en';
export type MemberOrigin = 'live' | 'late' | 'import' | 'replay';

/** What a person tells about themselves. */
export interface Profile {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly patronymic: string | null;
  readonly birthday: PlainDate | null;
  readonly gender: Gender | null;
  /** The member's own zone; null: the shop of joining decides, then the installation (R3). */
  readonly zone: string | null;
  readonly language: Language | null;
  readonly fields: FieldValues;
}

export interface Member extends Profile {
  readonly memberId: MemberId;
  readonly status: MemberStatus;
  readonly mergedInto: MemberId | null;
  readonly joinedAt: Instant;
  readonly joinedShopId: string | null;
  readonly staff: boolean;
  readonly test: boolean;
  readonly origin: MemberOrigin;
  readonly registeredBy: string;
  readonly blockedAt: Instant | null;
  readonly blockedReason: string | null;
  readonly erasedAt: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export const emptyProfile: Profile = {
  firstName: null,
  lastName: null,
  patronymic: null,
  birthday: null,
  gender: null,
  zone: null,
  language: null,
  fields: {},
};
