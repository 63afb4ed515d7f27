import type pg from 'pg';
import { z } from 'zod';

/** Kept with the files and written last: a folder without it is not a backup. */
export const manifestFile = 'backup.json';
export const manifest = z.object({
  format: z.literal(1),
  postgresMajor: z.string(),
  files: z.number().int(),
  bytes: z.number().int(),
  firstWalFile: z.string(),
  lastWalFile: z.string(),
});
export type BackupReport = z.infer<typeof manifest>;

export async function oneText(client: pg.Client, sql: string): Promise<string> {
  const { rows } = await client.query<{ text: string }>(sql);
  return rows[0]?.text ?? '';
}
