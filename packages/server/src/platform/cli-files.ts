import { readFile } from 'node:fs/promises';
import { CliRefusal } from './cli.ts';

/** A JSON file that a verb is given; `-` is the standard input. What cannot be read is refused with a sentence. */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await textOf(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliRefusal({ code: 'file_not_json' }, `${path} is not JSON: ${why}`);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path === '-' ? '/dev/stdin' : path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliRefusal({ code: 'file_unreadable' }, `${path} cannot be read: ${why}`);
  }
}
