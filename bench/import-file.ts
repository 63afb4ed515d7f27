// UCI Online Retail where it lies beside the repository; elsewhere a file of the same shape out of a seed.
import { createWriteStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../packages/server/src/platform/random.ts';

const retail = fileURLToPath(new URL('../../shared/data/online_retail_uci/online_retail.csv.gz', import.meta.url));
const invoicesCount = 25_900;
const membersCount = 4_372;
const articlesCount = 4_070;
const meanLines = 21;
const seed = 5;

/** Answers the file's path. */
export async function retailFile(folder: string): Promise<{ readonly path: string; readonly isReal: boolean }> {
  if (existsSync(retail)) return { path: retail, isReal: true };
  const path = `${folder}/retail.csv`;
  await pipeline(Readable.from(generatedLines()), createWriteStream(path));
  return { path, isReal: false };
}

/** A year of invoices in the order of time: one in seven a return, one in fifteen of nobody, lines of one to twelve pieces. */
function* generatedLines(): Generator<string> {
  yield 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
  const random = seededRandom(seed);
  const below = (limit: number): number => {
    const [a = 0, b = 0, c = 0] = random.bytes(3);
    return (a * 65_536 + b * 256 + c) % limit;
  };
  const minutes = 365 * 24 * 60;
  for (let invoice = 0; invoice < invoicesCount; invoice += 1) {
    const isReturn = below(7) === 0;
    const member = below(15) === 0 ? '' : `${12_000 + below(membersCount)}.0`;
    const at = timeOf(Math.floor((invoice * minutes) / invoicesCount));
    const number = `${isReturn ? 'C' : ''}${536_000 + invoice}`;
    const lines = isReturn ? 1 + below(4) : 1 + below(2 * meanLines + 6);
    for (let line = 0; line < lines; line += 1) {
      const article = below(articlesCount);
      const quantity = (isReturn ? -1 : 1) * (1 + below(12));
      const price = `${article % 20}.${String(10 + (article % 90)).padStart(2, '0')}`;
      yield `${number},${20_000 + article},ARTICLE ${article},${quantity},${at},${price},${member},United Kingdom\n`;
    }
  }
}

function timeOf(minute: number): string {
  return new Date(Date.UTC(2010, 11, 1) + minute * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}
