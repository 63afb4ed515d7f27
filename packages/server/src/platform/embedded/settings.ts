/** What the machine offers; PostgreSQL shares it with Node. */
export interface Machine {
  readonly memoryBytes: number;
  readonly cores: number;
  /** Size of /dev/shm: containers give 64 MB, and parallel queries then fail with "No space left on device". */
  readonly sharedMemoryBytes: number;
}

const mega = 1024 * 1024;
const giga = 1024 * mega;
const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
const megabytes = (bytes: number) => `${Math.floor(bytes / mega)}MB`;

export type Settings = Readonly<Record<string, string | number>>;

export function settingsFor(machine: Machine, options: { readonly durable: boolean; readonly port: number }): Settings {
  return { ...everywhere(machine, options.port), ...(options.durable ? forKeeps(machine) : forTests()) };
}

function everywhere(machine: Machine, port: number): Settings {
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Personal data never in logs: no values of a broken key, no text of a statement, no parameters.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length: 0,
    dynamic_shared_memory_type: machine.sharedMemoryBytes < 256 * mega ? 'mmap' : 'posix',
    // Short statements on one member: compiling a plan costs more than running it.
    jit: 'off',
    random_page_cost: 1.1,
    max_parallel_workers_per_gather: clamp(Math.floor(machine.cores / 2), 0, 4),
    max_parallel_workers: clamp(machine.cores, 2, 16),
  };
}

function forKeeps({ memoryBytes, cores }: Machine): Settings {
  return {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica', // an online backup needs it
    shared_buffers: megabytes(clamp(memoryBytes / 4, 64 * mega, 8 * giga)),
    effective_cache_size: megabytes(clamp(memoryBytes * 0.6, 128 * mega, 256 * giga)),
    work_mem: megabytes(clamp(memoryBytes / 512, 4 * mega, 64 * mega)),
    maintenance_work_mem: megabytes(clamp(memoryBytes / 16, 64 * mega, giga)),
    max_worker_processes: clamp(cores + 4, 8, 24),
    wal_compression: 'on',
    min_wal_size: '256MB',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: 0.9,
    // Rows of members change often and in place: clean up early and little, not late and much.
    autovacuum_vacuum_scale_factor: 0.05,
    autovacuum_analyze_scale_factor: 0.02,
    autovacuum_vacuum_cost_limit: 1000,
    // One file for each weekday, overwritten a week later: the log never fills the disk.
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%a.log',
    log_rotation_age: '1d',
    log_rotation_size: 0,
    log_truncate_on_rotation: 'on',
    log_checkpoints: 'off',
    log_min_duration_statement: -1,
  };
}

/** A cluster that is thrown away after a test: nothing is lost when it is lost. */
function forTests(): Settings {
  return {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: 0,
    shared_buffers: '128MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    max_wal_size: '1GB',
    checkpoint_timeout: '30min',
  };
}

export function renderSettings(settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`);
  return `# Written by Kopilka at every start. To change a setting for good: alter system set …\n${lines.join('\n')}\n`;
}
