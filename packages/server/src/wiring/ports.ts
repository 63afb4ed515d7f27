import { type CatalogPort, emptyCatalog, loadSnapshot } from '#modules/catalog/index.ts';
import { loadProgram, type ProgramPort, russia } from '#modules/program/index.ts';
import type { Foundation } from '#platform/foundation.ts';

/** What a purchase reads from memory instead of the database. */
export interface Ports {
  readonly catalog: CatalogPort;
  readonly program: ProgramPort;
}

const pollMilliseconds = 1_000;

/** Loads both; other processes change them too, so they look again every second until `stop`. */
export async function openPorts({ db, config, log }: Foundation): Promise<Ports & { stop(): void }> {
  const [catalog, program] = await Promise.all([
    loadSnapshot(db),
    loadProgram(db, { legalProfile: russia, zone: config.timeZone }),
  ]);
  const onError = (error: unknown) => log.warn({ event: 'refresh_failed', err: error });
  const stops = [catalog, program].map((port) => port.poll({ milliseconds: pollMilliseconds, onError }));
  return {
    catalog,
    program,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

/** For what the program can say about itself without a database. */
export const noPorts: Ports = {
  catalog: emptyCatalog,
  program: {
    current: () => null,
    version: (number) => {
      throw new Error(`there is no program version ${number} without a database`);
    },
    at: () => null,
    refresh: () => Promise.resolve(),
    poll: () => () => undefined,
  },
};
