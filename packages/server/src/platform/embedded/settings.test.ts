import { describe, expect, it } from 'vitest';
import { renderSettings, settingsFor } from './settings.ts';

const giga = 1024 ** 3;
const machine = (gigabytes: number) => ({ memoryBytes: gigabytes * giga, cores: 2, sharedMemoryBytes: giga });

describe("PostgreSQL's settings", () => {
  it.each([
    //  GB, shared_buffers, work_mem
    [0.25, '64MB', '4MB'],
    [2, '512MB', '4MB'],
    [8, '2048MB', '16MB'],
    [128, '8192MB', '64MB'],
  ] as const)('on a machine with %s GB take a quarter for shared buffers: %s', (gigabytes, buffers, workMemory) => {
    const settings = settingsFor(machine(gigabytes), { durable: true, port: 5432 });
    expect(settings).toMatchObject({ shared_buffers: buffers, work_mem: workMemory });
  });

  it('keep durability fully on where data is kept, whatever the machine', () => {
    const settings = settingsFor(machine(1), { durable: true, port: 5432 });
    expect(settings).toMatchObject({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      wal_level: 'replica',
    });
  });

  it('turn durability off only for clusters that are thrown away', () => {
    const settings = settingsFor(machine(1), { durable: false, port: 5432 });
    expect(settings).toMatchObject({ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' });
  });

  it('listen on the loopback only', () => {
    const settings = settingsFor(machine(1), { durable: true, port: 5432 });
    expect(settings).toMatchObject({ listen_addresses: '127.0.0.1', unix_socket_directories: '' });
  });

  it('avoid the 64 MB of /dev/shm that a container has', () => {
    const container = { ...machine(4), sharedMemoryBytes: 64 * 1024 ** 2 };
    expect(settingsFor(container, { durable: true, port: 1 })).toMatchObject({ dynamic_shared_memory_type: 'mmap' });
    expect(settingsFor(machine(4), { durable: true, port: 1 })).toMatchObject({ dynamic_shared_memory_type: 'posix' });
  });

  it('are written one a line, quoted', () => {
    expect(renderSettings({ port: 1, search_path: "it's" })).toMatch(/\nport = '1'\nsearch_path = 'it''s'\n$/);
  });
});
