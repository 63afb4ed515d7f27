/** What a use case answers: a value, or a refusal the business gives. Bugs and outages are thrown instead. */
export type Outcome<Value, Refused extends Refusal> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refused };

/** `code` is stable and goes on the wire; `field` is a JSON pointer into the request, such as /lines/0/quantity. */
export interface Refusal {
  readonly code: string;
  readonly field?: string;
  readonly details?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

export function done<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refused<const Refused extends Refusal>(
  refusal: Refused,
): { readonly ok: false; readonly refusal: Refused } {
  return { ok: false, refusal };
}
