import type { Money } from '#kernel/money.ts';
import type { Points } from '#kernel/points.ts';
import type { ProductView } from '#modules/catalog/index.ts';
import type { CompiledProgram } from './compiled.ts';
import type { OpenPromotion, Scene } from './worksheet.ts';

/** What one product comes to alone, but for the points that a member has (R17). */
export interface RatedAlone {
  /** The price it was rated at: the last one asked for is remembered. */
  readonly shelf: Money;
  readonly price: Money;
  readonly earnedPoints: Points;
  readonly promotions: readonly string[];
  /** R14's limit; the balance may be less. */
  readonly redeemLimit: Points;
}

export interface CatalogPage {
  readonly program: CompiledProgram;
  readonly scene: Scene;
  readonly open: readonly OpenPromotion[];
}

/** Products as they were rated for everybody who is like this member in all that a product's price can depend on. */
export interface PageMemory {
  readonly rated: Map<ProductView, RatedAlone>;
  /** Dearer products might take more than what a promotion's budget has left: they are rated each time. */
  readonly dearest: bigint | null;
  readonly whole: ProgramMemory;
}

interface ProgramMemory {
  /** Local days, ends of terms and delays all begin with a minute: within one nothing changes but what the key says. */
  minute: number;
  readonly pages: Map<string, Map<ProductView, RatedAlone>>;
  products: number;
}

const productsMax = 200_000;
const minuteMs = 60_000;
const memories = new WeakMap<CompiledProgram, ProgramMemory>();

/** Rating a product costs a hundred times what looking it up does, and a site asks for the same pages all day. Changes no answer. */
export function memoryOf(page: CatalogPage): PageMemory {
  const whole: ProgramMemory = memories.get(page.program) ?? { minute: 0, pages: new Map(), products: 0 };
  memories.set(page.program, whole);
  const minute = Math.floor(page.scene.at.epochMilliseconds / minuteMs);
  if (whole.minute !== minute || whole.products > productsMax) {
    whole.pages.clear();
    whole.minute = minute;
    whole.products = 0;
  }
  const key = keyOf(page);
  const rated = whole.pages.get(key) ?? new Map<ProductView, RatedAlone>();
  whole.pages.set(key, rated);
  return { rated, dearest: leastBudget(page), whole };
}

/** A product that the catalog does not know is made for the call: it would never be found again. */
export function remember(
  memory: PageMemory,
  { product, shelf }: { product: ProductView; shelf: Money },
  rate: () => RatedAlone,
): RatedAlone {
  if (product.productId === '' || (memory.dearest !== null && shelf > memory.dearest)) return rate();
  const known = memory.rated.get(product);
  if (known?.shelf === shelf) return known;
  const made = rate();
  memory.rated.set(product, made);
  if (known === undefined) memory.whole.products += 1;
  return made;
}

/** Everything of the scene that steps look at: shop, tier, zone, what is open and what the member's day and the budgets of points have left. */
function keyOf({ program, scene, open }: CatalogPage): string {
  const { member, shop, budgets } = scene;
  const { earning, limits } = program.document;
  const rules = open.map(({ promotion }) => `${promotion.index}:${budgets.get(promotion.code)?.points ?? ''}`);
  const parts: (string | bigint)[] = [shop.code, shop.channel, shop.zone, rules.join(' ')];
  if (member !== null) {
    parts.push(member.tierCode === null ? '' : `tier ${member.tierCode}`, member.zone);
    if (earning.day_ceiling !== null || limits.earn_per_day !== null) parts.push(member.earnedToday);
    if (limits.redeem_per_day !== null) parts.push(member.redeemedToday);
  }
  return parts.join('\n');
}

function leastBudget({ scene, open }: CatalogPage): bigint | null {
  let least: bigint | null = null;
  for (const { promotion } of open) {
    const money = scene.budgets.get(promotion.code)?.money ?? null;
    if (money !== null && (least === null || money < least)) least = money;
  }
  return least;
}
