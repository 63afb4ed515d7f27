import type { DueWork, ModuleMount } from '#platform/module.ts';
import { importRoutes } from './http/routes.ts';
import { filesOnDisk } from './providers/files.ts';
import type { ImportsDeps } from './service/deps.ts';
import { importsPart } from './service/part.ts';
import { runDueImports } from './service/run-import.ts';

export interface MountImportsDeps extends Omit<ImportsDeps, 'files'> {
  /** Where uploads are kept. */
  readonly folder: string;
  /** Larger files are imported on the server, from the command line. */
  readonly uploadBytesMax?: number;
}

export interface ImportsMount extends ModuleMount {
  /** For the command line, which works on an import itself. */
  readonly imports: ImportsDeps;
}

const uploadBytesMax = 1 << 30;
/** A few seconds: burns and time-outs wait for it. */
const batchesPerPoke = 20;

export function mountImports(deps: MountImportsDeps): ImportsMount {
  const imports: ImportsDeps = { ...deps, files: filesOnDisk(deps.folder) };
  const work: DueWork = { name: 'imports', runDue: (now) => runDueImports(imports, now, { batches: batchesPerPoke }) };
  return {
    name: 'imports',
    routes: importRoutes({ ...imports, uploadBytesMax: deps.uploadBytesMax ?? uploadBytesMax }),
    part: importsPart,
    dueWork: [work],
    imports,
  };
}
