import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { CompiledProgram } from '#modules/program/index.ts';
import { type Arrival, arrivalOf } from '../domain/lateness.ts';
import type { FactOrigin } from '../domain/receipt.ts';
import type { CheckoutDeps } from './deps.ts';
import { type ReadSale, readSale } from './read-sale.ts';
import type { SaleCommand, SaleRefusal } from './sale-command.ts';

/** A sale that was read, with the program that rules it and how it arrived. */
export interface PreparedSale {
  readonly read: ReadSale;
  readonly program: CompiledProgram;
  readonly arrival: Arrival;
  readonly origin: FactOrigin;
  readonly test: boolean;
}

/** Understands a request before any transaction begins: shop, products, program of the receipt's own time (R21). */
export function prepareSale(
  deps: CheckoutDeps,
  command: SaleCommand & { readonly origin?: FactOrigin },
): Outcome<PreparedSale, SaleRefusal> {
  const read = readSale(deps, command.content, command.caller, command.now);
  if (!read.ok) return read;
  const { at, shop } = read.value;
  const arrival = command.origin === undefined ? arrivalOf(at, command.now) : arrivalOfTold(command.origin);
  const program = arrival === 'live' ? deps.program.current() : deps.program.at(at);
  if (program === null) return refused({ code: 'program_not_published' });
  return done({
    read: read.value,
    program,
    arrival,
    origin: command.origin ?? (arrival === 'live' ? 'live' : 'late'),
    test: command.caller.test || shop.test,
  });
}

/** An import or a replay runs on the receipts' own clock: nothing is late there. */
function arrivalOfTold(origin: FactOrigin): Arrival {
  return origin === 'late' ? 'late' : 'live';
}
