import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open as openFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { FileRow } from '../domain/cells.ts';
import { BrokenFile, type FilePort, type RowsOfFile } from '../domain/file-port.ts';
import type { FileFormat } from '../domain/mapping.ts';
import { DelimitedText } from './delimited.ts';
import { rowsWriter } from './rows-writer.ts';

const pieceRows = 1_000;
const chunkBytes = 1 << 18;

/** Files on this machine's disk; uploads are kept in `folder`. */
export function filesOnDisk(folder: string): FilePort {
  return {
    open: openRows,
    digest: digestOf,
    keep: (name, content, bytesMax) => keep(folder, name, { content, bytesMax }),
    remove: (path) => rm(path, { force: true }),
    writer: rowsWriter,
  };
}

function openRows(path: string, format: FileFormat): RowsOfFile {
  const hasHeader = format.type === 'delimited' && format.header;
  return {
    header: async () => {
      if (!hasHeader) return null;
      for await (const records of recordsOf(path, format)) {
        const header = records[format.skip_lines];
        if (header) return header.map((cell) => cell.trim());
      }
      throw new BrokenFile('file_empty', 'the file has no header');
    },
    rows: () => rowsOf(path, format, format.skip_lines + (hasHeader ? 1 : 0)),
  };
}

async function* rowsOf(path: string, format: FileFormat, skipped: number): AsyncGenerator<readonly FileRow[]> {
  let rowNo = 0;
  let piece: FileRow[] = [];
  for await (const records of recordsOf(path, format)) {
    for (const record of records) {
      rowNo += 1;
      if (rowNo <= skipped) continue;
      const cells = record.map((cell) => cell.trim());
      // An empty line, at the end of the file mostly.
      if (cells.every((cell) => cell === '')) continue;
      piece.push({ rowNo, cells });
      if (piece.length < pieceRows) continue;
      yield piece;
      piece = [];
    }
  }
  if (piece.length > 0) yield piece;
}

async function* recordsOf(path: string, format: FileFormat): AsyncGenerator<string[][]> {
  if (format.type === 'delimited') {
    const text = new DelimitedText(format.delimiter);
    for await (const chunk of textOf(path, format.encoding)) yield text.push(chunk);
    yield text.end();
    return;
  }
  const lines = new DelimitedText('\n');
  const split = (records: string[][]) => records.map(([line = '']) => line.trim().split(/\s+/));
  for await (const chunk of textOf(path, format.encoding)) yield split(lines.push(chunk));
  yield split(lines.end());
}

async function* textOf(path: string, encoding: 'utf-8' | 'windows-1251'): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of await bytesOf(path)) yield decoder.decode(chunk as Uint8Array, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError)
      throw new BrokenFile('bad_encoding', `the file is not in ${encoding}, as the mapping says`);
    if (isCode(error, 'Z_DATA_ERROR') || isCode(error, 'Z_BUF_ERROR'))
      throw new BrokenFile('bad_gzip', 'the gzip file is damaged');
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function bytesOf(path: string): Promise<AsyncIterable<unknown>> {
  const start = Buffer.alloc(2);
  try {
    const file = await openFile(path);
    await file.read(start, 0, 2, 0);
    await file.close();
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'EISDIR'))
      throw new BrokenFile('file_missing', 'the file is not there any more');
    throw error;
  }
  const stream = createReadStream(path, { highWaterMark: chunkBytes });
  if (start[0] !== 0x1f || start[1] !== 0x8b) return stream;
  const unpacked = createGunzip({ chunkSize: chunkBytes });
  stream.on('error', (error) => unpacked.destroy(error));
  return stream.pipe(unpacked);
}

async function digestOf(path: string): Promise<{ digest: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    hash.update(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).byteLength;
  }
  return { digest: hash.digest('hex'), bytes };
}

class TooLarge extends Error {}

async function keep(
  folder: string,
  name: string,
  { content, bytesMax }: { content: AsyncIterable<Uint8Array>; bytesMax: number },
): Promise<string | null> {
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const path = join(folder, name);
  const part = `${path}.part`;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) throw new TooLarge();
      yield chunk;
    }
  };
  try {
    // People's data: for the owner of the process only.
    await pipeline(Readable.from(content), counted, createWriteStream(part, { mode: 0o600 }));
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof TooLarge) return null;
    throw error;
  }
  await rename(part, path);
  return path;
}
