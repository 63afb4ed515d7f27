export type { ContentLine, MemberKey, SaleContent } from './domain/content.ts';
export type { FiscalRequisites } from './domain/fiscal.ts';
export type { Receipt, ReceiptLine, ReceiptState } from './domain/receipt.ts';
export { type CancelCommand, cancelSale, expireHolds } from './service/cancel-sale.ts';
export { type ClaimCommand, type ClaimedBy, type ClaimRefusal, claimReceipt } from './service/claim-receipt.ts';
export { type ConfirmRefusal, confirmSale } from './service/confirm-sale.ts';
export type { CheckoutDeps } from './service/deps.ts';
export { editHeldSale, type HoldRefusal, holdSale } from './service/hold-sale.ts';
export { ledgerSettings } from './service/ledger-context.ts';
export { listReceiptsOf, type ReceiptPage, type ReceiptPlace } from './service/list-receipts.ts';
export { checkoutPart } from './service/member-part.ts';
export { type QuoteCommand, type QuotedCart, quoteCart } from './service/quote-cart.ts';
export { replay, replayItemsMax } from './service/replay.ts';
export type { ReplayAnswer, ReplayItem, ReplayOptions, ReplayReturn, ReplaySale } from './service/replay-items.ts';
export { type ReturnCommand, type ReturnRecord, type ReturnRefusal, returnGoods } from './service/return-goods.ts';
export { type ReviewCommand, reviewReceipt } from './service/review.ts';
export type {
  ConfirmCommand,
  HoldCommand,
  Printed,
  SaleCommand,
  SaleRecord,
  SaleRefusal,
} from './service/sale-command.ts';
export { type Simulation, type SimulationReport, simulateProgram } from './service/simulate.ts';
