import { describe, expect, it } from 'vitest';
import { play } from '#test/ledger/story.ts';
import type { LedgerSettings } from './domain/context.ts';

/* One table per rule; test/ledger/story.ts explains the lines. A line that does not hold throws with what it is instead. */
const stories: readonly (readonly [string, string, Partial<LedgerSettings>?])[] = [
  [
    'R5 R6: total is available, reserved and pending; debt stands apart',
    `grant A 100
     grant B 50 from 2026-03-02T12:00
     hold h 30 until 2026-03-15T12:00
     has 70 pending 50 reserved 30
     take back 100 of unknown
     has 0 pending 50 reserved 30 owes 30`,
  ],
  [
    'R7: a lot starts and burns at the very instant',
    `grant A 100 from 2026-03-02T12:00 to 2026-03-11T00:00
     at 2026-03-02T11:59:59
     has 0 pending 100
     at 2026-03-02T12:00
     has 100
     at 2026-03-10T23:59:59
     has 100
     at 2026-03-11T00:00
     has 0`,
  ],
  [
    'R7: New Year points are spendable from 18 to 22 December in the zone of the member',
    `grant A 3000 from 2026-12-18T00:00 to 2026-12-23T00:00
     at 2026-12-17T20:59:59Z
     has 0 pending 3000
     at 2026-12-17T21:00Z
     has 3000
     at 2026-12-22T20:59:59Z
     has 3000
     at 2026-12-22T21:00Z
     has 0`,
  ],
  [
    'R8: burns first, then the more restricted, then started first, then the older',
    `grant never 10
     grant later 10 to 2026-05-01T00:00
     grant younger 10 from 2026-03-01T11:00 to 2026-04-01T00:00
     grant older 10 from 2026-03-01T11:00 to 2026-04-01T00:00
     grant first 10 from 2026-03-01T10:00 to 2026-04-01T00:00
     grant bound 10 to 2026-04-01T00:00 bound
     spend 5
     lots bound 5 first 10 younger 10
     spend 10
     lots bound 0 first 5 younger 10
     spend 10
     lots first 0 younger 5 older 10
     spend 10
     lots younger 0 older 5 later 10
     spend 20
     lots older 0 later 0 never 5`,
  ],
  [
    'R9: a purchase renews every lot of the inactivity term, and promotional lots keep their own date',
    `grant A 100 inactive 365
     grant P 30 to 2026-04-01T00:00
     at 2026-12-01T10:00
     has 100
     purchase renews 365
     at 2027-12-01T23:59:59
     has 100
     at 2027-12-02T00:00
     has 0`,
  ],
  [
    'R9: a purchase after the deadline revives nothing',
    `grant A 100 inactive 30
     at 2026-04-01T00:00
     has 0
     purchase renews 30
     has 0`,
  ],
  [
    'R9: the term runs from the start of a lot when that is later than the purchase',
    `purchase renews 10
     grant A 100 from 2026-03-05T12:00 inactive 10
     at 2026-03-15T23:59
     has 100
     at 2026-03-16T00:00
     has 0`,
  ],
  [
    'R9: a return that moves the deadline back leaves 14 days',
    `grant A 100 inactive 30
     at 2026-03-20T10:00
     purchase renews 300
     at 2026-06-01T10:00
     returned, last purchase 2026-03-01T12:00, 30
     at 2026-06-15T23:59:59
     has 100
     at 2026-06-16T00:00
     has 0`,
  ],
  [
    'R9: held points do not burn by inactivity',
    `grant A 100 inactive 10
     hold h 40 until 2026-03-20T12:00
     at 2026-03-12T00:00
     has 0 reserved 40
     confirm h
     has 0`,
  ],
  [
    'R10: a debt is paid by points at the instant they become spendable, the oldest debt first',
    `take back 30 of r1
     at 2026-03-01T13:00
     take back 20 of r2
     grant A 40 from 2026-03-02T12:00
     has 0 pending 40 owes 50
     at 2026-03-02T11:59:59
     has 0 pending 40 owes 50
     at 2026-03-02T12:00
     has 0 owes 10
     grant gift 25 pays no debt
     has 25 owes 10
     grant B 25
     has 40`,
  ],
  [
    'R10: a debt is written off after 12 months, just before points that start at that instant',
    `take back 30 of r1
     grant A 100 from 2027-03-01T12:00
     at 2027-03-01T11:59:59
     has 0 pending 100 owes 30
     at 2027-03-01T12:00
     has 100`,
  ],
  ['R10: or is forgiven at once', 'take back 30 of r1\n has 0 owes 0\n grant A 10\n has 10', { forgiveDebt: true }],
  [
    'R11: a partly spent lot burns only what remains, and spending does not come back when it burns',
    `grant A 100 to 2026-03-11T00:00
     grant B 50
     spend 30
     at 2026-03-11T00:00
     has 50
     lots A 0 B 50`,
  ],
  [
    'R18: a hold is spent whenever its confirm comes, even after the end of its lots',
    `grant A 100 to 2026-03-11T00:00
     hold h 60 until 2026-03-15T12:00
     at 2026-03-11T00:00
     has 0 reserved 60
     at 2026-03-15T11:59:59
     confirm h
     has 0`,
  ],
  [
    'R18: points released after their end live 24 hours, released before it until their end',
    `grant A 100 to 2026-03-11T00:00
     hold early 10 until 2026-03-15T12:00
     hold late 60 until 2026-03-15T12:00
     at 2026-03-10T23:00
     cancel early
     has 40 reserved 60
     at 2026-03-11T00:00
     has 0 reserved 60
     at 2026-03-13T10:00
     cancel late
     has 60
     at 2026-03-14T09:59:59
     has 60
     at 2026-03-14T10:00
     has 0`,
  ],
  [
    'R18: a hold that times out at the very end of its lot releases points past it',
    `grant A 100 to 2026-03-11T00:00
     hold h 60 until 2026-03-11T00:00
     at 2026-03-11T00:00
     has 60
     at 2026-03-12T00:00
     has 0`,
  ],
  [
    'R18: a confirm of fewer points releases the rest',
    `grant A 100
     hold h 60 until 2026-03-15T12:00
     confirm h 45
     has 55`,
  ],
  [
    'R18: released points pay a debt that arose meanwhile',
    `grant A 100
     hold h 60 until 2026-03-15T12:00
     take back 70 of r1
     has 0 reserved 60 owes 30
     cancel h
     has 30`,
  ],
  [
    'R19: after a time-out confirm takes its lots, else others that are bound to nothing, else makes a debt',
    `grant A 100 to 2026-03-11T00:00
     grant B 50
     grant bound 40 bound
     hold h 100 until 2026-03-10T12:00
     at 2026-03-10T12:00
     has 190
     at 2026-03-12T00:00
     confirm h
     has 40 owes 50`,
  ],
  [
    'R19: in time for its own lots, a confirm after the time-out takes those',
    `grant A 100 to 2026-04-01T00:00
     grant B 50 to 2026-03-25T00:00
     hold h 50 until 2026-03-10T12:00
     at 2026-03-12T00:00
     confirm h
     lots A 100 B 0`,
  ],
  [
    'R21: a late purchase whose time was before the deadline undoes the burn, and points that live again pay debts',
    `grant A 100 inactive 30
     at 2026-04-05T10:00
     take back 10 of r1
     has 0 owes 10
     purchase at 2026-03-20T10:00 renews 30
     has 90
     at 2026-04-20T00:00
     has 0`,
  ],
  [
    'R21: a chain of late purchases renews one another, and one after the gap does not',
    `grant A 100 inactive 30
     at 2026-06-10T10:00
     has 0
     purchase at 2026-03-25T10:00 renews 30
     has 0
     purchase at 2026-04-20T10:00 renews 30
     has 0
     purchase at 2026-05-15T10:00 renews 30
     has 100`,
  ],
  [
    'R21: what the till printed stands: points that burned since are taken first, by undoing the burn',
    `grant A 100 to 2026-03-11T00:00
     grant B 50
     at 2026-03-12T10:00
     paid 120 as r1 at 2026-03-10T10:00
     has 30
     paid 45 as r2 at 2026-03-11T10:00
     has 0 owes 15`,
  ],
  [
    'R21: a late purchase reaches no further than its own term, however far a later one has moved the deadline',
    `grant A 100 inactive 30
     at 2026-04-10T10:00
     has 0
     purchase renews 30
     purchase at 2026-03-01T15:00 renews 10
     has 0
     purchase at 2026-03-25T10:00 renews 30
     has 100`,
  ],
  [
    'R21: what had burned before the own time of the sale stays burned',
    `grant A 50 to 2026-03-05T00:00
     at 2026-03-12T10:00
     paid 30 as r1 at 2026-03-10T10:00
     has 0 owes 30`,
  ],
  [
    'R7: points that come after their own end burn at once and pay nothing',
    `take back 10 of r1
     at 2026-03-12T10:00
     grant A 50 from 2026-03-01T12:00 to 2026-03-11T00:00
     lots A 0
     has 0 owes 10`,
  ],
  [
    'R22: taking back uses own lots first, pending first; burned ones are gone; for spent ones other points, then debt',
    `grant own 60 to 2026-03-11T00:00 for r1
     grant pend 20 from 2026-03-15T12:00 for r1
     grant other 10
     spend 30
     at 2026-03-11T00:00
     lots own 0 pend 20 other 10
     take back 15 of r1
     lots own 0 pend 5 other 10
     take back 30 of r1
     lots own 0 pend 0 other 10
     has 10
     take back 35 of r1
     has 0 owes 20`,
  ],
  [
    'R22: or the debt at once',
    'grant A 50 for r1\n grant B 50\n spend 50\n take back 50 of r1\n has 50 owes 50',
    { takeBackFrom: 'debt' },
  ],
  [
    'R22: redeemed points go back to their lots; a lot that was taken back pays its debt first',
    `grant A 100 for r1
     spend 60 as r2
     take back 100 of r1
     has 0 owes 60
     give back r2
     has 0`,
  ],
  [
    'R22: a burned lot lives again for 14 days, or its own shorter term',
    `grant long 50 to 2026-04-01T00:00
     grant short 30 to 2026-03-04T12:00
     spend 80 as r1
     at 2026-05-01T10:00
     give back r1
     has 80
     at 2026-05-04T10:00
     has 50
     at 2026-05-15T23:59:59
     has 50
     at 2026-05-16T00:00
     has 0`,
  ],
  [
    'R22: a burned lot is past its end at its very end',
    `grant A 50 to 2026-03-11T00:00
     spend 50 as r1
     at 2026-03-11T00:00
     give back r1
     has 50
     at 2026-03-11T00:00:01
     has 50`,
  ],
];

describe('the ledger, rule by rule', () => {
  it.each(stories.map(([title, text, settings]) => ({ title, text, settings })))('$title', ({ text, settings }) => {
    expect(() => play(text, settings)).not.toThrow();
  });
});
