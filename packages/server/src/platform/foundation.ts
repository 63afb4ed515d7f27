import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { JoinableDatabase } from './db-joined.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { NewId, Random } from './random.ts';

/** What every module may be mounted with. A module names the few it needs in its own `mount` and gets this. */
export interface Foundation {
  readonly config: Config;
  /** Key of the hashes that must not be found by trying: phones, confirmation codes. */
  readonly secret: string;
  readonly db: JoinableDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: NewId;
  readonly log: Logger;
  readonly metrics: Metrics;
}
