import type { FileRow } from './cells.ts';
import type { FileFormat } from './mapping.ts';

/** A file as rows. Implemented by providers/; the module knows no disk. */
export interface FilePort {
  /** Opens a file (plain or gzip). Throws BrokenFile. */
  open(path: string, format: FileFormat): RowsOfFile;
  /** sha-256 and size of the bytes. */
  digest(path: string): Promise<{ readonly digest: string; readonly bytes: number }>;
  /** Writes an upload to the module's folder; answers null when it is larger than allowed. */
  keep(name: string, content: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string | null>;
  remove(path: string): Promise<void>;
  /** The same rows as a file of the same format, with columns added at the end: corrected, it can be imported with the same mapping. */
  writer(format: FileFormat): RowsWriter;
}

export interface RowsOfFile {
  /** Names in the header; null: the file has none. */
  header(): Promise<readonly string[] | null>;
  /** In pieces of at most a thousand, in the order of the file. */
  rows(): AsyncIterable<readonly FileRow[]>;
}

export interface RowsWriter {
  line(cells: readonly string[]): Uint8Array;
}

/** The file cannot be read further. */
export class BrokenFile extends Error {
  override readonly name = 'BrokenFile';
  readonly code: string;
  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
  }
}
