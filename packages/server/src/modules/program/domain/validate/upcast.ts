import { documentFormat } from '../document.ts';
import type { Complaints } from './problem.ts';

/** Turns a document of format N into one of N + 1. Old versions stay readable for ever: receipts point to them. */
const upcasters: Readonly<Record<number, (document: Record<string, unknown>) => Record<string, unknown>>> = {};

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** null: it is no document of a format we know. */
export function upcast(json: unknown, { error }: Complaints): Record<string, unknown> | null {
  if (!isObject(json)) {
    error('', 'not_an_object', { ru: 'Программа — это объект JSON', en: 'A program is a JSON object' });
    return null;
  }
  let document = json;
  for (let steps = 0; steps <= documentFormat; steps += 1) {
    const { format } = document as { format?: unknown };
    if (format === documentFormat) return document;
    const next = typeof format === 'number' ? upcasters[format] : undefined;
    if (!next) break;
    document = next(document);
  }
  error('/format', 'unknown_format', {
    ru: `Неизвестный формат программы: нужен ${documentFormat}`,
    en: `Unknown format of the program: needs ${documentFormat}`,
  });
  return null;
}
