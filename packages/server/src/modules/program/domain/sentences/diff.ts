import type { ProgramDocument } from '../document.ts';
import { describePromotion } from './describe.ts';
import { fill, type Template } from './format.ts';
import { listLabels, settingLabels } from './labels.ts';

/** What changed from one version to another, one sentence each, for somebody who will be asked to publish it. */
export function diffProgram(before: ProgramDocument, after: ProgramDocument): Template[] {
  return [...changedSettings(before, after), ...changedLists(before, after)];
}

type Json = Readonly<Record<string, unknown>>;

function changedSettings(before: ProgramDocument, after: ProgramDocument): Template[] {
  return Object.entries(settingLabels).flatMap(([path, label]) => {
    const was = at(before, path);
    const is = at(after, path);
    if (same(was, is)) return [];
    return [
      {
        ru: `${label.ru}: ${shown(was, 'ru')} → ${shown(is, 'ru')}`,
        en: `${label.en}: ${shown(was, 'en')} → ${shown(is, 'en')}`,
      },
    ];
  });
}

function changedLists(before: ProgramDocument, after: ProgramDocument): Template[] {
  return Object.entries(listLabels).flatMap(([path, label]) => {
    const was = byCode(at(before, path));
    const is = byCode(at(after, path));
    const name = (code: string): Template => ({ ru: fill(label, { code }, 'ru'), en: fill(label, { code }, 'en') });
    const removed = [...was.keys()]
      .filter((code) => !is.has(code))
      .map((code) => ended(name(code), { ru: 'убрано', en: 'removed' }));
    const others = [...is].flatMap(([code, item]) => {
      const old = was.get(code);
      if (old === undefined)
        return [
          ended(name(code), {
            ru: `добавлено${about(path, item, after).ru}`,
            en: `added${about(path, item, after).en}`,
          }),
        ];
      return changedFields(name(code), old, item);
    });
    const order = sameOrder([...was.keys()], [...is.keys()])
      ? []
      : [ended({ ru: path, en: path }, { ru: 'другой порядок', en: 'another order' })];
    return [...removed, ...others, ...order];
  });
}

function ended(name: Template, what: Template): Template {
  return { ru: `${name.ru}: ${what.ru}`, en: `${name.en}: ${what.en}` };
}

function about(path: string, item: Json, { promotions }: ProgramDocument): Template {
  const promotion = path === 'promotions' ? promotions.find(({ code }) => code === item['code']) : undefined;
  if (!promotion) return { ru: '', en: '' };
  return { ru: ` (${describePromotion(promotion, 'ru')})`, en: ` (${describePromotion(promotion, 'en')})` };
}

function changedFields(name: Template, before: Json, after: Json): Template[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    if (same(before[key], after[key])) return [];
    return [
      {
        ru: `${name.ru}, ${key}: ${shown(before[key], 'ru')} → ${shown(after[key], 'ru')}`,
        en: `${name.en}, ${key}: ${shown(before[key], 'en')} → ${shown(after[key], 'en')}`,
      },
    ];
  });
}

/** Codes that are in both, in another order: it decides between equal priorities. */
function sameOrder(before: readonly string[], after: readonly string[]): boolean {
  const kept = before.filter((code) => after.includes(code));
  return same(
    kept,
    after.filter((code) => before.includes(code)),
  );
}

function at(document: ProgramDocument, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Json | undefined)?.[key], document);
}

function byCode(list: unknown): Map<string, Json> {
  return new Map((list as readonly (Json & { code: string })[]).map((item) => [item.code, item]));
}

function same(first: unknown, second: unknown): boolean {
  return JSON.stringify(ordered(first)) === JSON.stringify(ordered(second));
}

/** The database keeps JSON objects in an order of its own. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}

function shown(value: unknown, language: 'ru' | 'en'): string {
  if (value === undefined || value === null) return language === 'ru' ? 'нет' : 'none';
  if (typeof value === 'boolean') return language === 'ru' ? (value ? 'да' : 'нет') : value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}
