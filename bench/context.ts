/** What a bench gets from `npm run bench -- NAME`: a PostgreSQL of its own, durable as in production, thrown away afterwards. */
export interface BenchContext {
  /** A migrated, empty database. */
  readonly url: string;
  /** Makes a database next to it, a copy of `template` when given; answers its address. Replaces one of that name. */
  createDatabase(name: string, template?: string): Promise<string>;
  log(line: string): void;
}

/** Answers the last line: `NAME ratio=0.00 …`. */
export type Bench = (context: BenchContext) => Promise<string>;
