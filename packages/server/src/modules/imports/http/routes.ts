import * as wire from '@kopilka/contract/imports';
import { isUuid } from '#kernel/ids.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import type { Caller } from '#platform/http/caller.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import type { ImportTask } from '../domain/import.ts';
import type { ImportsDeps } from '../service/deps.ts';
import { exportFile } from '../service/export.ts';
import { createImport, importReport, listImports, requestTask, stopImport, uploadFile } from '../service/imports.ts';
import { problemFile } from '../service/problem-file.ts';
import { presentImport } from './present.ts';

export interface ImportRoutesDeps extends ImportsDeps {
  readonly uploadBytesMax: number;
}

export function importRoutes(deps: ImportRoutesDeps): readonly MountedRoute[] {
  return [...readingRoutes(deps), ...workingRoutes(deps)];
}

function readingRoutes(deps: ImportRoutesDeps): readonly MountedRoute[] {
  return [
    handler(wire.listImportsRoute, async ({ query }) => {
      const before = cursorOf(query.cursor);
      if (!before.ok) return before;
      const found = await listImports(deps, { before: before.value, limit: query.limit + 1 });
      const items = found.slice(0, query.limit);
      return done({
        items: items.map(presentImport),
        next_cursor: found.length > query.limit ? (items.at(-1)?.importId ?? null) : null,
      });
    }),
    handler(wire.getImportRoute, async ({ params }) => {
      const report = await importReport(deps, params.importId);
      if (!report.ok) return report;
      const problems = report.value.problems.map(({ firstRows, ...rest }) => ({ ...rest, first_rows: [...firstRows] }));
      return done({ ...presentImport(report.value.one), problems });
    }),
    handler(wire.importProblemsRoute, ({ params }) => problemFile(deps, params.importId)),
    handler(wire.exportRoute, async ({ params, caller, now }) =>
      done(await exportFile(deps, params.kind, { caller, now })),
    ),
  ];
}

function cursorOf(
  cursor: string | undefined,
): Outcome<string | null, { readonly code: 'bad_cursor'; readonly field: string }> {
  if (cursor === undefined) return done(null);
  return isUuid(cursor) ? done(cursor) : refused({ code: 'bad_cursor', field: 'query/cursor' });
}

function workingRoutes(deps: ImportRoutesDeps): readonly MountedRoute[] {
  const begin =
    (task: ImportTask) =>
    async ({ params, caller, now }: TaskCall) => {
      const answer = await requestTask(deps, { importId: params.importId, task, dueAt: now, caller, now });
      return answer.ok ? done(presentImport(answer.value)) : answer;
    };
  return [
    handler(wire.createImportRoute, async ({ body, caller, now }) => {
      const { file_name: fileName, ...asked } = body;
      const made = await createImport(deps, { ...asked, fileName, file: null, caller, now });
      return made.ok ? done(presentImport(made.value)) : made;
    }),
    handler(wire.uploadImportFileRoute, async ({ params, file }) => {
      if (file === undefined) throw new Error('the server lets no call without its file through');
      const kept = await uploadFile(deps, { importId: params.importId, content: file, bytesMax: deps.uploadBytesMax });
      return kept.ok ? done(presentImport(kept.value)) : kept;
    }),
    handler(wire.dryRunImportRoute, begin('dry_run')),
    handler(wire.runImportRoute, begin('run')),
    handler(wire.undoImportRoute, begin('undo')),
    handler(wire.stopImportRoute, async ({ params }) => {
      const answer = await stopImport(deps, params.importId);
      return answer.ok ? done(presentImport(answer.value)) : answer;
    }),
  ];
}

interface TaskCall {
  readonly params: { readonly importId: string };
  readonly caller: Caller;
  readonly now: Instant;
}
