import { keptCode } from './gtin.ts';
import type { Note, ProductItem } from './plan.ts';
import type { Working } from './plan-state.ts';
import { codeKey, type Product, type ProductCode } from './product.ts';

export interface ChosenCodes {
  readonly kept: readonly ProductCode[];
  readonly losers: readonly { readonly product: Product; readonly codes: readonly ProductCode[] }[];
}

/** New scanner codes replace the old ones; codes of other systems stay. A code of an archived product moves, another's does not. */
export function chooseCodes(
  item: ProductItem,
  before: Product,
  reading: { working: Working; notes: Note[] },
): ChosenCodes {
  const { working, notes } = reading;
  const wanted = new Map<string, ProductCode>();
  for (const raw of item.fields.codes ?? []) {
    const code = keptCode(raw);
    if (code === null) notes.push({ code: 'bad_gtin', field: '/codes', detail: `${raw.value} is not a GTIN` });
    else wanted.set(codeKey(code), code);
  }
  if (item.externalId !== null) wanted.set(codeKey(item.externalId), item.externalId);
  const replaced = new Set(item.fields.codes === undefined ? [] : ['gtin', 'barcode', 'marking']);
  for (const code of wanted.values()) if (code.kind.startsWith('external:')) replaced.add(code.kind);
  const kept = before.codes.filter((code) => !replaced.has(code.kind) || wanted.has(codeKey(code)));
  const held = new Set(kept.map(codeKey));
  const losers = new Map<string, { product: Product; codes: readonly ProductCode[] }>();
  for (const [key, code] of wanted) {
    if (held.has(key)) continue;
    const owner = working.byCode.get(key);
    if (owner !== undefined && owner.productId !== before.productId) {
      if (!owner.archived) {
        notes.push({ code: 'code_taken', field: '/codes', detail: `${code.value} belongs to ${owner.sku}` });
        continue;
      }
      const left = losers.get(owner.productId)?.codes ?? owner.codes;
      losers.set(owner.productId, { product: owner, codes: left.filter((other) => codeKey(other) !== key) });
    }
    kept.push(code);
  }
  return { kept, losers: [...losers.values()] };
}
