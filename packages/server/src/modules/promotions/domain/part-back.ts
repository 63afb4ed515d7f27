import type { PartBack, TakenUse } from './use.ts';

export interface ShareBack {
  readonly use: TakenUse;
  readonly discount: bigint;
  readonly points: bigint;
}

/** Lays what a return undoes of each promotion on the uses that took it, earlier ones first, never more than they have left. */
export function sharePartBack(uses: readonly TakenUse[], parts: readonly PartBack[]): ShareBack[] {
  return parts.flatMap((part) => {
    let discount: bigint = part.discount;
    let points: bigint = part.points;
    return uses
      .filter((use) => use.promotionCode === part.promotionCode)
      .map((use) => {
        const share = {
          use,
          discount: least(discount, use.discount - use.discountReturned),
          points: least(points, use.points - use.pointsReturned),
        };
        discount -= share.discount;
        points -= share.points;
        return share;
      })
      .filter((share) => share.discount > 0n || share.points > 0n);
  });
}

function least(first: bigint, second: bigint): bigint {
  return first < second ? first : second;
}
