// Files imported into a house as an integrator would: over HTTP, the worker doing the work.
import type { MappingInput } from '#modules/imports/index.ts';
import type { House, Json } from './house.ts';

export interface ImportedFile {
  readonly mapping: MappingInput;
  readonly file: string | Uint8Array;
  readonly mode?: 'history' | 'replay';
}

/** Made and sent, not yet read. Answers the import's id. */
export async function sendFile(house: House, { mapping, file, mode = 'history' }: ImportedFile): Promise<string> {
  const { import_id: id } = await house.ok('POST', '/v1/imports', { kind: mapping.kind, mapping, mode });
  const sent = await house.sendBytes('PUT', `/v1/imports/${id}/file`, file);
  if (sent.status !== 200) throw new Error(JSON.stringify(sent.body));
  return id as string;
}

/** Asks for a task and lets the worker come round until it is over. */
export async function work(house: House, id: string, task: 'dry-run' | 'run' | 'undo'): Promise<Json> {
  await house.ok('POST', `/v1/imports/${id}/${task}`);
  for (let round = 0; round < 1_000; round += 1) {
    await house.runDue();
    const one = await house.ok('GET', `/v1/imports/${id}`);
    if (one['status'] !== 'queued' && one['status'] !== 'running') return one;
  }
  throw new Error(`import ${id} never ends`);
}

export async function importFile(house: House, file: ImportedFile): Promise<Json> {
  return work(house, await sendFile(house, file), 'run');
}
