import { Temporal } from 'temporal-polyfill';
import type { Instant } from '#kernel/time.ts';

export const shopChannels = ['pos', 'site', 'app', 'marketplace'] as const;
export type ShopChannel = (typeof shopChannels)[number];

export interface Shop {
  readonly shopId: string;
  readonly code: string;
  readonly name: string;
  readonly zone: string;
  readonly channel: ShopChannel;
  readonly legalName: string | null;
  readonly inn: string | null;
  readonly kpp: string | null;
  readonly address: string | null;
  readonly test: boolean;
  readonly active: boolean;
  readonly updatedAt: Instant;
}

/** What a purchase needs of a shop. */
export interface ShopView {
  readonly shopId: string;
  readonly code: string;
  readonly name: string;
  readonly zone: string;
  readonly channel: ShopChannel;
  readonly test: boolean;
  readonly inn: string | null;
}

/** A place's zone such as Europe/Moscow. "+03:00" is refused: it knows no daylight saving and no change of law. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

const innWeights = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8] as const;

/** Ten digits of a company or twelve of a person, with their check digits. */
export function isInn(inn: string): boolean {
  if (/^\d{10}$/.test(inn)) return innDigit(inn, 9) === inn[9];
  if (/^\d{12}$/.test(inn)) return innDigit(inn, 10) === inn[10] && innDigit(inn, 11) === inn[11];
  return false;
}

function innDigit(inn: string, place: number): string {
  const weights = innWeights.slice(innWeights.length - place);
  const sum = weights.reduce((total: number, weight, index) => total + weight * Number(inn[index]), 0);
  return String((sum % 11) % 10);
}

export function isKpp(kpp: string): boolean {
  return /^\d{4}[\dA-Z]{2}\d{3}$/.test(kpp);
}
