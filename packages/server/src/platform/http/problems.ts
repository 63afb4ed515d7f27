import { type Problem, type SharedProblemCode, sharedProblems } from '@kopilka/contract';
import type { Refusal } from '#kernel/outcome.ts';

export type Language = 'ru' | 'en';

const titles: Readonly<Record<SharedProblemCode, Readonly<Record<Language, string>>>> = {
  bad_request: { ru: 'Запрос составлен неверно', en: 'The request is not well formed' },
  unauthorized: { ru: 'Нужен действующий ключ API', en: 'A valid API key is needed' },
  forbidden: { ru: 'Этому ключу так делать нельзя', en: 'This key may not do that' },
  not_found: { ru: 'Такого адреса или объекта нет', en: 'No such address or thing' },
  method_not_allowed: { ru: 'Этот адрес не знает такого метода', en: 'This address does not know that method' },
  idempotency_conflict: {
    ru: 'Этот ключ повтора уже использован с другим содержанием',
    en: 'This idempotency key was used with other content',
  },
  payload_too_large: { ru: 'Запрос слишком большой', en: 'The request is too large' },
  unsupported_media_type: {
    ru: 'Тело запроса должно быть application/json',
    en: 'The body has to be application/json',
  },
  rate_limited: { ru: 'Слишком много запросов', en: 'Too many requests' },
  internal: {
    ru: 'Внутренняя ошибка; номер запроса поможет её найти',
    en: 'Our mistake; the request id helps to find it',
  },
  unavailable: { ru: 'База данных сейчас недоступна, повторите позже', en: 'The database is away, try again soon' },
};

/** Thrown anywhere between the socket and the handler; the error handler turns it into an answer. Handlers answer refusals instead. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: SharedProblemCode;
  readonly more: ProblemMore;
  constructor(code: SharedProblemCode, more: ProblemMore = {}) {
    super(code);
    this.code = code;
    this.more = more;
  }
}

export type ProblemMore = Partial<Pick<Problem, 'detail' | 'field' | 'errors' | 'details'>> & {
  readonly headers?: Readonly<Record<string, string>>;
};

export interface Asked {
  readonly requestId: string;
  readonly language: Language;
}

export function sharedProblem(code: SharedProblemCode, asked: Asked, more: ProblemMore = {}): Problem {
  const { headers: _headers, ...members } = more;
  return { ...head(code, titles[code][asked.language], sharedProblems[code]), ...members, request_id: asked.requestId };
}

/** The code is what a program reads; its title is the code in words, because modules explain their refusals in the documentation. */
export function refusalProblem(refusal: Refusal, status: number, asked: Asked): Problem {
  const shared = isShared(refusal.code) ? titles[refusal.code][asked.language] : undefined;
  return {
    ...head(refusal.code, shared ?? words(refusal.code), status),
    ...(refusal.field === undefined ? {} : { field: refusal.field }),
    ...(refusal.details === undefined ? {} : { details: { ...refusal.details } }),
    request_id: asked.requestId,
  };
}

function head(
  code: string,
  title: string,
  status: number,
): { type: string; title: string; status: number; code: string } {
  return { type: `https://kopilka.dev/problems/${code}`, title, status, code };
}

export function isShared(code: string): code is SharedProblemCode {
  return Object.hasOwn(sharedProblems, code);
}

/** not_enough_points → Not enough points */
export function words(code: string): string {
  const spaced = code.replaceAll('_', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
