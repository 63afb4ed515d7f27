import { assert } from '#kernel/assert.ts';

/**
 * How much of a line came back, exactly, whether a return names a quantity or a sum. One unit is a thousandth of a piece times a minor unit
 * of money, so both are whole: q of Q pieces are q × paid units, s of the money are s × Q units, the whole line is Q × paid. A line that cost
 * nothing in money counts its quantity alone. "In parts = at once" (R22) holds because everything undone is a function of the running total.
 */
export interface SoldLine {
  readonly quantity: bigint;
  readonly paid: bigint;
}

export function wholeUnits(line: SoldLine): bigint {
  return line.quantity * weightOfMoney(line);
}

export function unitsOfQuantity(line: SoldLine, quantity: bigint): bigint {
  return quantity * weightOfMoney(line);
}

/** null: the line cost no money, so a sum says nothing. */
export function unitsOfSum(line: SoldLine, sum: bigint): bigint | null {
  return line.paid === 0n ? null : sum * line.quantity;
}

/** The share of `total` undone between two running totals of units; whatever the steps, the last one takes the rest (R2). */
export function undoneBetween(total: bigint, units: { before: bigint; after: bigint; whole: bigint }): bigint {
  assert(
    units.before <= units.after && units.after <= units.whole && units.whole > 0n,
    'a return goes forward and never past the whole',
  );
  return (total * units.after) / units.whole - (total * units.before) / units.whole;
}

/** Thousandths that came back between two running totals, for people and for stock; a return by sum rounds down until the last. */
export function quantityBetween(line: SoldLine, units: { before: bigint; after: bigint }): bigint {
  return undoneBetween(line.quantity, { ...units, whole: wholeUnits(line) });
}

function weightOfMoney(line: SoldLine): bigint {
  return line.paid === 0n ? 1n : line.paid;
}
