import { divideCeiling, rateScale } from '#kernel/rate.ts';
import type { ProductView } from '#modules/catalog/index.ts';
import type { CartLine } from './cart.ts';
import type { CompiledProgram } from './compiled.ts';
import type { LegalRule } from './legal/profile.ts';
import { brandKey } from './match.ts';
import type { WorkLine } from './worksheet.ts';

const nowhere: readonly string[] = [];

/** A line as it enters the steps: what may happen to it, and the floor that binds all of them together (R13). */
export function workLine(program: CompiledProgram, line: CartLine, place: { index: number; date: string }): WorkLine {
  const { product } = line;
  const brand = product?.brand ?? null;
  const law = lawOf(program, product, line.kind);
  const shelf: bigint = line.shelfSum;
  const till: bigint = line.tillDiscount;
  const lawful = law === null || law.discounts || law.earning;
  const canPromote = lawful && product?.noPromotions !== true;
  return {
    index: place.index,
    lineId: line.lineId,
    kind: line.kind,
    product,
    sku: product?.sku ?? line.sku,
    categories: product?.categories ?? nowhere,
    brandKey: brand === null ? null : brandKey(brand),
    tags: product?.tags ?? nowhere,
    quantity: line.quantity,
    shelf,
    till,
    floor: floorOf(program, { law, product, quantity: line.quantity, shelf, date: place.date }),
    lawful,
    canPromote,
    canDiscount: canPromote && law?.discounts !== false,
    giftFor: null,
    canEarn: law?.earning !== false && product?.noEarning !== true && kindAllowed(program.document.earning, line.kind),
    canRedeem:
      law?.redeeming !== false && product?.noRedeeming !== true && kindAllowed(program.document.redeeming, line.kind),
    price: shelf - till,
    redeemRate: null,
    redeemed: 0n,
    redeemedMoney: 0n,
    rounding: 0n,
    earned: 0n,
    discounts: [],
  };
}

/** The law's word on a product; a gift card is one whatever the catalog knows of it (R28). */
export function lawOf(program: CompiledProgram, product: ProductView | null, kind: CartLine['kind']): LegalRule | null {
  const legalClass = kind === 'gift_card' ? 'gift_card' : (product?.legalClass ?? null);
  return legalClass === null ? null : program.legalProfile.rules[legalClass];
}

function kindAllowed(section: { on_delivery: boolean; on_services: boolean }, kind: CartLine['kind']): boolean {
  if (kind === 'delivery') return section.on_delivery;
  return kind !== 'service' || section.on_services;
}

interface FloorQuestion {
  readonly law: LegalRule | null;
  readonly product: ProductView | null;
  readonly quantity: bigint;
  readonly shelf: bigint;
  readonly date: string;
}

function floorOf(program: CompiledProgram, { law, product, quantity, shelf, date }: FloorQuestion): bigint {
  let floor = BigInt(program.document.redeeming.lowest_unit_price) * divideCeiling(quantity, 1000n);
  const raise = (least: bigint): void => {
    if (least > floor) floor = least;
  };
  const own = product?.floorPrice ?? null;
  if (own !== null) raise(divideCeiling(own * quantity, 1000n));
  const minimum =
    law?.minimumPrice?.({ volumeMl: product?.volumeMl ?? null, tags: product?.tags ?? nowhere, date }) ?? null;
  if (minimum !== null) raise(divideCeiling(minimum * quantity, 1000n));
  if (program.lineCeiling !== null) {
    const ceiling = program.lineCeiling > rateScale ? rateScale : program.lineCeiling;
    raise(divideCeiling(shelf * (rateScale - ceiling), rateScale));
  }
  return floor;
}
