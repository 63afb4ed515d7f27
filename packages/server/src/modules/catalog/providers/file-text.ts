import { TextDecoder } from 'node:util';

/** The file cannot be read further; becomes the feed's `broken` event. */
export class BrokenFile extends Error {
  override readonly name = 'BrokenFile';
  readonly code: string;
  readonly line: number | null;
  constructor(code: string, message: string, line: number | null = null) {
    super(message);
    this.code = code;
    this.line = line;
  }
}

const known = new Set(['utf-8', 'windows-1251', 'koi8-r', 'utf-16le', 'utf-16be', 'iso-8859-5', 'ibm866']);
const sniffBytes = 1_024;

/** Bytes → text, piece by piece. A byte order mark wins over what the file says of itself. */
export async function* decoded(
  file: AsyncIterable<Uint8Array>,
  options: { readonly bytesMax: number; readonly encoding: (start: Uint8Array) => string },
): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let start: Uint8Array = new Uint8Array(0);
  let bytes = 0;
  for await (const chunk of readable(file)) {
    bytes += chunk.byteLength;
    if (bytes > options.bytesMax)
      throw new BrokenFile('file_too_large', `the file is larger than ${options.bytesMax} bytes`);
    if (decoder !== null) {
      yield decode(decoder, chunk);
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.byteLength < sniffBytes) continue;
    decoder = decoderFor(start, options.encoding);
    yield decode(decoder, start);
  }
  if (decoder === null) {
    decoder = decoderFor(start, options.encoding);
    yield decode(decoder, start);
  }
  yield decode(decoder, undefined);
}

/** A connection or a disk that fails half-way is a broken file, not a bug. */
async function* readable(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* file;
  } catch (error) {
    throw new BrokenFile('file_unreadable', error instanceof Error ? error.message : String(error));
  }
}

function decode(decoder: TextDecoder, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new BrokenFile('bad_encoding', `the file is not in ${decoder.encoding}, which it says it is in`);
  }
}

function decoderFor(start: Uint8Array, encoding: (start: Uint8Array) => string): TextDecoder {
  const label = markOf(start) ?? encoding(start);
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    throw new BrokenFile('unknown_encoding', `the encoding ${label} is not known`, 1);
  }
  if (!known.has(decoder.encoding)) throw new BrokenFile('unknown_encoding', `the encoding ${label} is not taken`, 1);
  return decoder;
}

function markOf(start: Uint8Array): string | null {
  const [first, second, third] = start;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return null;
}
