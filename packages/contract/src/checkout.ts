export * from './checkout/answer.ts';
export * from './checkout/catalog.ts';
export * from './checkout/receipts.ts';
export * from './checkout/review.ts';
export * from './checkout/routes.ts';
export * from './checkout/sale.ts';
export * from './checkout/simulation.ts';
