import type { ProgramDocument } from '../document.ts';
import type { ValidationContext } from './context.ts';
import type { Complaints } from './problem.ts';

/** Names that explanations and lots use for what is no promotion. */
const reserved: ReadonlySet<string> = new Set(['base', 'printed']);

export function checkCodes(document: ProgramDocument, { error }: Complaints): void {
  const lists: readonly (readonly [string, readonly { readonly code: string }[]])[] = [
    ['/tiers/list', document.tiers.list],
    ['/earning/rates', document.earning.rates],
    ['/segments', document.segments],
    ['/promotion_groups', document.promotion_groups],
    ['/promotions', document.promotions],
  ];
  for (const [path, list] of lists) {
    const seen = new Set<string>();
    for (const [index, { code }] of list.entries()) {
      if (seen.has(code)) {
        error(`${path}/${index}/code`, 'duplicate_code', {
          ru: `Код «${code}» уже занят`,
          en: `The code “${code}” is taken`,
        });
      }
      seen.add(code);
      if (path === '/promotions' && reserved.has(code)) {
        error(`${path}/${index}/code`, 'reserved_code', {
          ru: `Код «${code}» занят системой`,
          en: `The code “${code}” is reserved`,
        });
      }
    }
  }
}

export function checkTiers({ tiers }: ProgramDocument, { error }: Complaints): void {
  const ranks = new Map<number, number>();
  const lowest = Math.min(...tiers.list.map(({ rank }) => rank));
  for (const [index, tier] of tiers.list.entries()) {
    const path = `/tiers/list/${index}`;
    const same = ranks.get(tier.rank);
    if (same !== undefined) {
      error(`${path}/rank`, 'duplicate_rank', {
        ru: `Ранг ${tier.rank} уже у уровня № ${same + 1}`,
        en: `Rank ${tier.rank} is that of tier no. ${same + 1}`,
      });
    }
    ranks.set(tier.rank, index);
    if (tier.rank === lowest && (tier.conditions !== null || tier.by_hand_only)) {
      error(path, 'lowest_tier_is_for_all', {
        ru: 'С младшего уровня начинают все: условий у него не бывает',
        en: 'Everybody begins at the lowest tier: it has no conditions',
      });
    }
    if (tier.rank !== lowest && tier.conditions === null && !tier.by_hand_only) {
      error(`${path}/conditions`, 'unreachable_tier', {
        ru: 'На уровень нельзя попасть: задайте условия или «только вручную»',
        en: 'Nobody can reach the tier: give conditions, or by_hand_only',
      });
    }
  }
}

export function checkPointValue(
  { point_value: value }: ProgramDocument,
  { fixedPointValue }: ValidationContext,
  { error }: Complaints,
): void {
  if (fixedPointValue === undefined || fixedPointValue === null || fixedPointValue === value) return;
  error('/point_value', 'point_value_fixed', {
    ru: `Стоимость балла нельзя менять, когда баллы уже есть: сейчас ${fixedPointValue}`,
    en: `The value of a point cannot change once points exist: it is ${fixedPointValue}`,
  });
}

export function checkSegments(
  { segments }: ProgramDocument,
  { segmentsCheck }: ValidationContext,
  { error }: Complaints,
): void {
  for (const { path, message } of segmentsCheck(segments)) {
    error(`/segments${path}`, 'segment_rule', {
      ru: `Правило сегмента: ${message}`,
      en: `Rule of a segment: ${message}`,
    });
  }
}

export function checkGroups({ promotion_groups: groups }: ProgramDocument, { error }: Complaints): void {
  const known = new Set(groups.map(({ code }) => code));
  for (const [index, group] of groups.entries()) {
    for (const [place, other] of group.excludes.entries()) {
      if (known.has(other) && other !== group.code) continue;
      error(`/promotion_groups/${index}/excludes/${place}`, 'unknown_group', {
        ru: `Нет группы «${other}»`,
        en: `There is no group “${other}”`,
      });
    }
  }
}
