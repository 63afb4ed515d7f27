import type { Printer } from '#platform/cli.ts';
import type { FileCounts } from '../domain/counts.ts';
import type { FileImport } from '../domain/import.ts';
import type { ProblemGroup } from '../service/imports.ts';

export function reportOf(one: FileImport, problems: readonly ProblemGroup[]) {
  return {
    import_id: one.importId,
    kind: one.kind,
    mode: one.mode,
    status: one.status,
    task: one.task,
    found: one.found,
    made: one.made,
    failure: one.failure,
    problems,
  };
}

export function printReport(out: Printer, one: FileImport, problems: readonly ProblemGroup[]): void {
  out.line(`${one.importId}: ${one.status}${one.failure === null ? '' : `, ${one.failure}`}`);
  if (one.found !== null) out.table(['in the file', ''], rowsOf(one.found, one.kind === 'receipts'));
  const made = Object.entries(one.made).map(([name, count]) => [name.replaceAll('_', ' '), String(count)]);
  if (made.length > 0) out.table(['made', ''], made);
  if (problems.length === 0) return;
  out.table(
    ['problem', 'rows', 'first rows', 'for example'],
    problems.map(({ code, count, firstRows, example }) => [code, String(count), firstRows.join(', '), example]),
  );
}

function rowsOf(found: FileCounts, isReceipts: boolean): string[][] {
  const rows: [string, number | bigint][] = [
    ['rows', found.rows],
    ['accepted', found.accepted],
    ['problems', found.problems],
    ['repetitions dropped', found.duplicates],
    ...Object.entries(found.skipped).map(([reason, count]): [string, number] => [`left out: ${reason}`, count]),
    ['members', found.members],
    ['members known', found.membersKnown],
    ['members new', found.membersNew],
  ];
  if (isReceipts) {
    rows.push(
      ['receipts', found.receipts],
      ['returns', found.returns],
      ['without a member', found.receiptsWithoutMember],
      ['sum, minor units', found.sum],
      ['returned, minor units', found.returnedSum],
      ['sums rounded', found.rounded],
    );
  }
  return rows.map(([name, count]) => [name, String(count)]);
}
