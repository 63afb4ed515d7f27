import type { fileImport } from '@kopilka/contract/imports';
import type { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { FileCounts } from '../domain/counts.ts';
import type { FileImport } from '../domain/import.ts';

type Wire = z.output<typeof fileImport>;

export function presentImport(one: FileImport): Wire {
  return {
    import_id: one.importId,
    kind: one.kind,
    mode: one.mode,
    status: one.status,
    task: one.task,
    step: one.step,
    file_name: one.fileName,
    file_bytes: one.fileBytes,
    file_digest: one.fileDigest,
    found: one.found === null ? null : presentCounts(one.found),
    made: { ...one.made },
    progress: progressOf(one),
    stop_requested: one.stopRequested,
    failure: one.failure,
    created_at: one.createdAt.toString(),
    started_at: one.startedAt?.toString() ?? null,
    ended_at: one.endedAt?.toString() ?? null,
  };
}

function presentCounts(counts: FileCounts): NonNullable<Wire['found']> {
  const { membersKnown, membersNew, receiptsWithoutMember, returnedSum, skipped, ...rest } = counts;
  return {
    ...rest,
    skipped: { ...skipped },
    members_known: membersKnown,
    members_new: membersNew,
    receipts_without_member: receiptsWithoutMember,
    returned_sum: returnedSum,
  };
}

/** Rows or receipts a second since the start, and how long at that pace. */
function progressOf(one: FileImport): Wire['progress'] {
  const { total, finished } = one;
  const perSecond = paceOf(one.startedAt, one.endedAt ?? one.beatAt, finished);
  const left = perSecond === null || perSecond === 0 ? null : Math.ceil((total - finished) / perSecond);
  return { total, finished, per_second: perSecond, seconds_left: one.status === 'running' ? left : null };
}

function paceOf(from: Instant | null, to: Instant | null, finished: number): number | null {
  if (from === null || to === null) return null;
  const seconds = (to.epochMilliseconds - from.epochMilliseconds) / 1_000;
  return seconds <= 0 ? null : Math.round((finished / seconds) * 10) / 10;
}
