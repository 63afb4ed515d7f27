// A real server process on a durable PostgreSQL of its own, to be killed without warning.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbedded } from '#platform/embedded.ts';

const program = fileURLToPath(new URL('../../../../bin/kopilka.mjs', import.meta.url));
const readyWaitsMax = 600;
const readyWaitMs = 50;

/** A PostgreSQL with fsync on: only such a one may be asked what it kept. */
export class DurableCluster {
  readonly folder = mkdtempSync(join(tmpdir(), `kopilka-test-${process.pid}-`));
  #running: EmbeddedPostgres | undefined;

  get url(): string {
    if (this.#running === undefined) throw new Error('the cluster is not running');
    return this.#running.url;
  }

  async start(): Promise<void> {
    this.#running = await startEmbedded({ dataDir: this.folder, database: 'kopilka', durable: true, log: () => {} });
  }

  /** As a power cut would, but for the disk's own cache. */
  async kill(): Promise<void> {
    const [pid] = readFileSync(join(this.folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await pause(readyWaitMs);
  }

  async rows<Row extends object>(sql: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    const result = await client.query<Row>(sql);
    await client.end();
    return result.rows;
  }

  async remove(): Promise<void> {
    await this.#running?.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class KillableServer {
  readonly #env: Record<string, string>;
  readonly #cluster: DurableCluster;
  readonly url: string;
  #process: ChildProcess | undefined;
  #said = '';

  private constructor(cluster: DurableCluster, port: number) {
    this.#cluster = cluster;
    this.url = `http://127.0.0.1:${port}`;
    const { PATH = '' } = process.env;
    const settings = { KOPILKA_PORT: String(port), KOPILKA_DATA_DIR: cluster.folder, KOPILKA_LOG_LEVEL: 'warn' };
    this.#env = { PATH, ...settings, KOPILKA_SECRET: 'a secret of the crash tests, 32 long' };
  }

  static async of(cluster: DurableCluster): Promise<KillableServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    if (address === null || typeof address === 'string') throw new Error('a listening socket has no port');
    return new KillableServer(cluster, address.port);
  }

  #spawn(args: readonly string[]): ChildProcess {
    const env = { ...this.#env, DATABASE_URL: this.#cluster.url };
    return spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async start(): Promise<void> {
    const started = this.#spawn(['serve', '--role', 'all']);
    this.#process = started;
    this.#said = '';
    const keep = (chunk: Buffer) => {
      this.#said += chunk.toString();
    };
    started.stdout?.on('data', keep);
    started.stderr?.on('data', keep);
    await this.untilReady();
  }

  async untilReady(): Promise<void> {
    for (let waits = 0; waits < readyWaitsMax; waits += 1) {
      if (this.#process?.exitCode !== null) break;
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok === true) return;
      await pause(readyWaitMs);
    }
    throw new Error(`the server is not ready. It said: ${this.#said}`);
  }

  async kill(): Promise<void> {
    const killed = this.#process;
    if (killed === undefined) return;
    const gone = once(killed, 'exit');
    killed.kill('SIGKILL');
    await gone;
    this.#process = undefined;
  }

  /** One run of the program beside the server; its JSON answer. */
  async run(...args: string[]): Promise<Record<string, unknown>> {
    const child = this.#spawn([...args, '--json']);
    let answer = '';
    let remarks = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      remarks += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`kopilka ${args.join(' ')} ended with ${String(code)}: ${answer}${remarks}`);
    return JSON.parse(answer) as Record<string, unknown>;
  }
}
