import type { Out, Printer, Progress } from './cli.ts';

/** Where words go: process.stdout and process.stderr, or a test's. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Streams {
  readonly answers: Terminal;
  readonly remarks: Terminal;
}

export function createOut(streams: Streams, isJson: () => boolean): Out {
  const printer: Printer = {
    line: (text) => {
      streams.answers.write(`${text}\n`);
    },
    table: (columns, rows) => {
      streams.answers.write(tableText(columns, rows));
    },
  };
  return {
    answer: (value, print) => {
      if (isJson()) streams.answers.write(`${jsonText(value)}\n`);
      else print(printer);
    },
    note: (line) => {
      streams.remarks.write(`${line}\n`);
    },
  };
}

/** Bigints as numbers while they are safe, as text beyond: the answer of a command is read by scripts. */
export function jsonText(value: unknown): string {
  const plain = (_key: string, part: unknown) => {
    if (typeof part !== 'bigint') return part;
    const number = Number(part);
    return Number.isSafeInteger(number) ? number : part.toString();
  };
  return JSON.stringify(value, plain, 2);
}

function tableText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, index) =>
    rows.reduce((widest, row) => Math.max(widest, (row[index] ?? '').length), column.length),
  );
  const line = (cells: readonly string[]) =>
    `${widths
      .map((width, index) => (cells[index] ?? '').padEnd(width))
      .join('  ')
      .trimEnd()}\n`;
  return line(columns) + line(widths.map((width) => '-'.repeat(width))) + rows.map(line).join('');
}

const barCells = 30;
const linePercent = 10;
const barPauseMs = 100;

/** A bar that moves on a terminal; elsewhere a line every ten per cent, so that a log stays readable. */
export function createProgress(terminal: Terminal, label: string, total: number): Progress {
  let count = 0;
  let told = -1;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const share = () => (total > 0 ? Math.min(1, count / total) : 1);
  const draw = (isLast: boolean) => {
    const now = performance.now();
    if (!isLast && now - drawnAt < barPauseMs) return;
    drawnAt = now;
    const filled = Math.round(share() * barCells);
    const bar = '█'.repeat(filled) + '░'.repeat(barCells - filled);
    terminal.write(`\r${label} ${bar} ${percent(share())} % (${count} / ${total})${isLast ? '\n' : ''}`);
  };
  const tell = () => {
    const step = Math.floor(percent(share()) / linePercent);
    if (step === told) return;
    told = step;
    terminal.write(`${label}: ${percent(share())} % (${count} of ${total})\n`);
  };
  return {
    advance: (more) => {
      count += more;
      if (terminal.isTTY === true) draw(false);
      else tell();
    },
    done: () => {
      if (terminal.isTTY === true) draw(true);
      else tell();
    },
  };
}

function percent(share: number): number {
  return Math.floor(share * 100);
}
