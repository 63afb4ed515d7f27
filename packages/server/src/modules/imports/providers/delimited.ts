import { BrokenFile } from '../domain/file-port.ts';

const recordMax = 1_000_000;

/**
 * Splits text that comes in pieces into records (RFC 4180: quotes may hold delimiters and line ends, a doubled quote is one). Lines without a
 * quote, which is most of them, are split at once: a third of the time of a general parser on the files that matter.
 */
export class DelimitedText {
  readonly #delimiter: string;
  #rest = '';

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** Whole records so far. */
  push(text: string): string[][] {
    this.#rest += text;
    return this.#take(false);
  }

  /** What is left: a last line without its end. */
  end(): string[][] {
    return this.#take(true);
  }

  #take(isEnd: boolean): string[][] {
    const records: string[][] = [];
    const text = this.#rest;
    let from = 0;
    while (from < text.length) {
      let end = text.indexOf('\n', from);
      if (end === -1) {
        if (!isEnd) break;
        end = text.length;
      }
      const quote = text.indexOf('"', from);
      if (quote === -1 || quote >= end) {
        const line = text.slice(from, text[end - 1] === '\r' && end > from ? end - 1 : end);
        records.push(line.split(this.#delimiter));
        from = end + 1;
        continue;
      }
      const record = this.#quoted(text, from, isEnd);
      if (record === null) break;
      records.push(record.cells);
      from = record.next;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length > recordMax) {
      throw new BrokenFile('quote_not_closed', 'a row is longer than a million characters: a quote is not closed');
    }
    return records;
  }

  /** null: the record goes on in a piece that has not come yet. */
  #quoted(text: string, start: number, isEnd: boolean): { cells: string[]; next: number } | null {
    const cells: string[] = [];
    let cell = '';
    let at = start;
    let isInside = false;
    for (; at < text.length; at += 1) {
      const sign = text[at] ?? '';
      if (isInside) {
        if (sign !== '"') cell += sign;
        else if (text[at + 1] === '"') {
          cell += '"';
          at += 1;
        } else if (at + 1 === text.length && !isEnd) return null;
        else isInside = false;
      } else if (sign === '"' && cell.trim() === '') {
        isInside = true;
        cell = '';
      } else if (sign === this.#delimiter) {
        cells.push(cell);
        cell = '';
      } else if (sign === '\n') {
        cells.push(cell.endsWith('\r') ? cell.slice(0, -1) : cell);
        return { cells, next: at + 1 };
      } else cell += sign;
    }
    if (!isEnd) return null;
    if (isInside) throw new BrokenFile('quote_not_closed', 'the file ends inside a quote');
    return { cells: [...cells, cell.endsWith('\r') ? cell.slice(0, -1) : cell], next: at };
  }
}
