import { codeKey, type Product } from './product.ts';

/** True when saving `after` over `before` would change nothing: an unchanged feed writes no row. */
export function sameProduct(before: Product, after: Product): boolean {
  return signature(before) === signature(after);
}

function signature(product: Product): string {
  const { updatedAt: _updatedAt, attributes, codes, price, regularPrice, floorPrice, ...rest } = product;
  // A row's column order is the database's, an object's the writer's: sorted.
  const plain = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  const named = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  const money = [price, regularPrice, floorPrice].map(String);
  return JSON.stringify([plain, named, money, codes.map(codeKey).sort()]);
}
