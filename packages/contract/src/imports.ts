import { z } from 'zod';
import { route } from './route.ts';
import { instantText, page, pageQuery, signedMinorUnits, text, uuid } from './wire.ts';

export const importKind = z.enum(['members', 'lots', 'progress', 'codes', 'products', 'shops', 'receipts']);
export const importMode = z.enum(['history', 'replay']);
export const exportKind = z.enum(['members', 'receipts', 'entries']);

const count = z.number().int().min(0);

export const fileCounts = z
  .object({
    rows: count,
    skipped: z.record(z.string(), count).meta({ description: 'rows that the mapping leaves out, by its reason' }),
    duplicates: count,
    problems: count,
    accepted: count,
    members: count,
    members_known: count,
    members_new: count,
    receipts: count,
    returns: count,
    receipts_without_member: count,
    sum: signedMinorUnits,
    returned_sum: signedMinorUnits,
    rounded: count.meta({ description: 'sums that had more decimals than money has' }),
  })
  .meta({ id: 'ImportFileCounts' });

export const fileImport = z
  .object({
    import_id: uuid,
    kind: importKind,
    mode: importMode,
    status: z.enum([
      'waiting_for_file',
      'ready',
      'queued',
      'running',
      'stopped',
      'done',
      'failed',
      'undone',
      'partly_undone',
    ]),
    task: z.enum(['dry_run', 'run', 'undo']).nullable(),
    step: z.enum(['none', 'reading', 'sorting', 'members', 'applying', 'settling', 'undoing']),
    file_name: z.string(),
    file_bytes: count.nullable(),
    file_digest: z.string().nullable().meta({ description: 'sha-256 of the file' }),
    found: fileCounts.nullable().meta({ description: 'what the file holds, by the last dry run or run' }),
    made: z
      .record(z.string(), count)
      .meta({ description: 'members_made, members_known, receipts, returns, lots, problems …' }),
    progress: z.object({
      total: count,
      finished: count,
      per_second: z.number().nullable(),
      seconds_left: z.number().int().nullable(),
    }),
    stop_requested: z.boolean(),
    failure: z.string().nullable(),
    created_at: instantText,
    started_at: instantText.nullable(),
    ended_at: instantText.nullable(),
  })
  .meta({ id: 'Import' });

export const importProblems = z.array(
  z.object({
    code: z.string(),
    count,
    first_rows: z.array(count).meta({ description: 'numbers of the first rows, the header is 1' }),
    example: z.string(),
  }),
);

const byId = { params: z.object({ importId: uuid }) };
const taskRefusals = {
  import_not_found: 404,
  file_missing: 409,
  import_is_running: 409,
  import_done: 409,
  nothing_to_undo: 409,
} as const;

export const createImportRoute = route({
  method: 'POST',
  path: '/v1/imports',
  tag: 'Imports',
  summary: 'Begin an import: what kind of file, and which column is what',
  description:
    'Then PUT the file, ask for a dry run, look at what it found, and run it. The mapping is described in the operator’s manual.',
  scope: 'imports',
  body: z.object({
    kind: importKind,
    mode: importMode.default('history').meta({
      description:
        'replay: receipts earn by the program, on their own clock; history: they are recorded and counted only',
    }),
    mapping: z.record(z.string(), z.unknown()).meta({
      examples: [
        {
          kind: 'shops',
          fields: { code: 'code', name: 'name', zone: { constant: 'Europe/Moscow' }, channel: { constant: 'pos' } },
        },
      ],
    }),
    file_name: text(200).default('file.csv'),
  }),
  response: fileImport,
  status: 201,
  refusals: { mapping_invalid: 422 },
});

export const uploadImportFileRoute = route({
  method: 'PUT',
  path: '/v1/imports/:importId/file',
  tag: 'Imports',
  summary: 'Send the file',
  description:
    'As text/csv, or gzipped. It is streamed to the server’s disk; larger files are imported there with `kopilka import`.',
  scope: 'imports',
  ...byId,
  takesFile: true,
  response: fileImport,
  refusals: { import_not_found: 404, file_taken: 409, file_too_large: 413 },
});

export const dryRunImportRoute = route({
  method: 'POST',
  path: '/v1/imports/:importId/dry-run',
  tag: 'Imports',
  summary: 'Read the file and count; nothing is imported',
  description: 'The worker does it: look at the import for how far it is.',
  scope: 'imports',
  ...byId,
  response: fileImport,
  status: 202,
  refusals: taskRefusals,
});

export const runImportRoute = route({
  method: 'POST',
  path: '/v1/imports/:importId/run',
  tag: 'Imports',
  summary: 'Import, or go on after a stop or a failure',
  description:
    'One import works at a time. It goes on from its last batch however it was ended; nothing is lost and nothing doubled.',
  scope: 'imports',
  ...byId,
  response: fileImport,
  status: 202,
  refusals: taskRefusals,
});

export const stopImportRoute = route({
  method: 'POST',
  path: '/v1/imports/:importId/stop',
  tag: 'Imports',
  summary: 'Stop after the batch it is at',
  scope: 'imports',
  ...byId,
  response: fileImport,
  status: 202,
  refusals: { import_not_found: 404 },
});

export const undoImportRoute = route({
  method: 'POST',
  path: '/v1/imports/:importId/undo',
  tag: 'Imports',
  summary: 'Take back what an import made',
  description: 'What later activity depends on stays; `made` counts it by reason as kept_…',
  scope: 'imports',
  ...byId,
  response: fileImport,
  status: 202,
  refusals: taskRefusals,
});

export const listImportsRoute = route({
  method: 'GET',
  path: '/v1/imports',
  tag: 'Imports',
  summary: 'Imports, newest first',
  scope: 'imports',
  query: pageQuery,
  response: page(fileImport),
  refusals: { bad_cursor: 400 },
});

export const getImportRoute = route({
  method: 'GET',
  path: '/v1/imports/:importId',
  tag: 'Imports',
  summary: 'How far an import is, and what was wrong',
  scope: 'imports',
  ...byId,
  response: fileImport.extend({ problems: importProblems }),
  refusals: { import_not_found: 404 },
});

export const importProblemsRoute = route({
  method: 'GET',
  path: '/v1/imports/:importId/problems',
  tag: 'Imports',
  summary: 'The rows that were not taken, as a file to correct and import again',
  scope: 'imports',
  ...byId,
  answers: 'text/csv',
  response: z
    .string()
    .meta({ description: 'the rows as they are, with kopilka_row, kopilka_problem and kopilka_detail at the end' }),
  refusals: { import_not_found: 404, file_missing: 409 },
});

export const exportRoute = route({
  method: 'GET',
  path: '/v1/exports/:kind',
  tag: 'Imports',
  summary: 'Members, receipts by line, or entries of points as CSV',
  description: 'Streamed: of any size. It holds personal data.',
  scope: 'admin',
  params: z.object({ kind: exportKind }),
  answers: 'text/csv',
  response: z.string(),
  refusals: {},
});
