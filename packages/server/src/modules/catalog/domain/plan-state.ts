import { codeKey, type Product } from './product.ts';

/** What a batch has come to so far. */
export interface Working {
  readonly byId: Map<string, Product>;
  readonly bySku: Map<string, Product>;
  readonly byCode: Map<string, Product>;
  readonly brands: Map<string, string>;
  readonly newBrands: Map<string, string>;
  readonly changed: Map<string, Product>;
}

export function index(working: Working, product: Product): void {
  working.byId.set(product.productId, product);
  working.bySku.set(product.sku, product);
  for (const code of product.codes) working.byCode.set(codeKey(code), product);
}

export function keep(working: Working, product: Product, before: Product | null = null): void {
  const old = before ?? working.byId.get(product.productId);
  if (old) {
    if (old.sku !== product.sku) working.bySku.delete(old.sku);
    for (const code of old.codes) working.byCode.delete(codeKey(code));
  }
  index(working, product);
  working.changed.set(product.productId, product);
}
