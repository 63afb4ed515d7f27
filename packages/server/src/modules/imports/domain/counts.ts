/** What a file holds; found by a dry run and by a run alike. Sums are minor units. */
export interface FileCounts {
  readonly rows: number;
  /** Rows that the mapping leaves out, by its reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly duplicates: number;
  readonly problems: number;
  readonly accepted: number;
  /** Distinct members named, of which there are already so many. */
  readonly members: number;
  readonly membersKnown: number;
  readonly membersNew: number;
  readonly receipts: number;
  readonly returns: number;
  readonly receiptsWithoutMember: number;
  readonly sum: bigint;
  readonly returnedSum: bigint;
  /** Sums that had more decimals than money has (rounding: half_up). */
  readonly rounded: number;
}

export const noFileCounts: FileCounts = {
  rows: 0,
  skipped: {},
  duplicates: 0,
  problems: 0,
  accepted: 0,
  members: 0,
  membersKnown: 0,
  membersNew: 0,
  receipts: 0,
  returns: 0,
  receiptsWithoutMember: 0,
  sum: 0n,
  returnedSum: 0n,
  rounded: 0,
};

/** What a run's progress counts: receipts, or rows. */
export function totalOf(counts: FileCounts): number {
  const receipts = counts.receipts + counts.returns;
  return receipts > 0 ? receipts : counts.accepted;
}

/** How many of what the run made: members_made, members_known, receipts, returns, repeated, lots, problems … */
export type MadeCounts = Readonly<Record<string, number>>;

export function addCounts(first: MadeCounts, second: MadeCounts): MadeCounts {
  const sum: Record<string, number> = { ...first };
  for (const [name, count] of Object.entries(second)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

export function countBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): MadeCounts {
  const counts: Record<string, number> = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}
