import type * as contract from '@kopilka/contract/members';
import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { ProfileChanges } from '../domain/profile.ts';
import type { WordAtShop } from '../service/shops.ts';

export function instantOf(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text);
}

type ProfileBody = Pick<
  z.output<(typeof contract.updateMember)['body']>,
  'first_name' | 'last_name' | 'patronymic' | 'birthday' | 'gender' | 'zone' | 'language' | 'fields'
>;

export function profileOf(body: ProfileBody): ProfileChanges {
  return {
    firstName: body.first_name,
    lastName: body.last_name,
    patronymic: body.patronymic,
    birthday: typeof body.birthday === 'string' ? Temporal.PlainDate.from(body.birthday) : body.birthday,
    gender: body.gender,
    zone: body.zone,
    language: body.language,
    fields: body.fields,
  };
}

export function wordsOf(words: readonly z.output<typeof contract.consentWord>[]): WordAtShop[] {
  return words.map((word) => ({
    channel: word.channel,
    purpose: word.purpose,
    given: word.given,
    at: instantOf(word.at),
    source: word.source,
    shop: word.shop,
    textShown: word.text_shown,
    proof: word.proof,
  }));
}
