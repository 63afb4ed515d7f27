import type { RowsWriter } from '../domain/file-port.ts';
import type { FileFormat } from '../domain/mapping.ts';

/** Rows in the format and encoding they were read in. */
export function rowsWriter(format: FileFormat): RowsWriter {
  const encode = format.encoding === 'utf-8' ? (text: string) => Buffer.from(text) : toWindows1251;
  if (format.type === 'whitespace') return { line: (cells) => encode(`${cells.map(solid).join('  ')}\n`) };
  const { delimiter } = format;
  return { line: (cells) => encode(`${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\n`) };
}

function quoted(cell: string, delimiter: string): string {
  const needsQuotes = cell.includes('"') || cell.includes(delimiter) || cell.includes('\n') || cell.includes('\r');
  return needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A column is what stands between spaces. */
function solid(cell: string): string {
  return cell === '' ? '-' : cell.replaceAll(/\s+/g, '_');
}

let windows1251: ReadonlyMap<string, number> | undefined;

function toWindows1251(text: string): Uint8Array {
  windows1251 ??= new Map(
    Array.from({ length: 256 }, (_, byte) => [new TextDecoder('windows-1251').decode(Uint8Array.of(byte)), byte]),
  );
  const table = windows1251;
  const question = '?'.codePointAt(0) ?? 0;
  return Uint8Array.from(Array.from(text), (letter) => table.get(letter) ?? question);
}
