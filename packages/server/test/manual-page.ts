// Reads a page of the integrator's manual: the requests it shows and the answers it promises. The convention stands in docs/manual/integrator/README.md.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const manual = new URL('../../../docs/manual/integrator/', import.meta.url);

/** Not in a request: takes any value the first time, and the same one afterwards. */
export type Bindings = Map<string, unknown>;

export interface PageRequest {
  readonly kind: 'request';
  readonly line: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface PageAnswer {
  readonly kind: 'answer';
  readonly line: number;
  readonly status: number;
  readonly body: string | undefined;
}

/** `<!-- clock 2026-03-02T12:20 -->`: the story's clock goes there. */
export interface PageClock {
  readonly kind: 'clock';
  readonly line: number;
  readonly local: string;
}

export type PageStep = PageRequest | PageAnswer | PageClock;

export function pageText(name: string): string {
  return readFileSync(fileURLToPath(new URL(name, manual)), 'utf8');
}

const piece = /^```(http|sh)\n([\s\S]*?)^```$|^<!-- clock (\S+) -->$/gm;

export function pageSteps(markdown: string): PageStep[] {
  return [...markdown.matchAll(piece)].flatMap((found): PageStep[] => {
    const [, kind, text = '', local] = found;
    const line = markdown.slice(0, found.index).split('\n').length;
    if (local !== undefined) return [{ kind: 'clock', line, local }];
    if (kind === 'sh') return curlRequest(text, line);
    return [text.startsWith('HTTP/1.1 ') ? answerOf(text, line) : requestOf(text, line)];
  });
}

function requestOf(text: string, line: number): PageRequest {
  const { first, headers, body } = message(text);
  const [method = '', path = ''] = first.split(' ');
  return { kind: 'request', line, method, path, headers, body };
}

function answerOf(text: string, line: number): PageAnswer {
  const { first, body } = message(text);
  return { kind: 'answer', line, status: Number(first.split(' ')[1]), body };
}

function message(text: string): { first: string; headers: Record<string, string>; body: string | undefined } {
  const [head = '', ...rest] = text.split('\n\n');
  const [first = '', ...lines] = head.trim().split('\n');
  const headers = Object.fromEntries(lines.map((header) => header.split(': ') as [string, string]));
  const body = rest.join('\n\n').trim();
  return { first, headers, body: body === '' ? undefined : body };
}

/** `curl -i -X PUT "$KOPILKA/v1/…" -H "…" -d '{…}'`; other shell blocks show commands and are not requests. */
function curlRequest(text: string, line: number): PageRequest[] {
  if (!text.startsWith('curl ')) return [];
  const path = /"\$KOPILKA(\/v1\/[^"]*)"/.exec(text)?.[1];
  if (path === undefined) return [];
  const body = /-d '([^']*)'/.exec(text)?.[1];
  const method = /-X (\w+)/.exec(text)?.[1] ?? (body === undefined ? 'GET' : 'POST');
  const headers = [...text.matchAll(/-H "([\w-]+): ([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]);
  return [{ kind: 'request', line, method, path, headers: Object.fromEntries(headers), body }];
}

/** `<anna>` in a request becomes what an answer before had in that place. */
export function filledIn(text: string, bindings: Bindings): string {
  return text.replaceAll(/<(\w+)>/g, (_match, name: string) => {
    const value = bindings.get(name);
    if (value === undefined) throw new Error(`no answer before has shown <${name}>`);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

const more = '…';

/**
 * Where an answer differs from the one that is shown. In the shown one `"<name>"` stands for one value, the same all over the page; `"…"` for any;
 * a member or element `"…"` at the end says that more follows.
 */
export function differences(shown: unknown, got: unknown, bindings: Bindings, place = ''): string[] {
  if (shown === more) return got === undefined ? [`${place}: is missing`] : [];
  const name = typeof shown === 'string' ? /^<(\w+)>$/.exec(shown)?.[1] : undefined;
  if (name !== undefined) {
    if (got === undefined || got === null) return [`${place}: is missing`];
    if (!bindings.has(name)) bindings.set(name, got);
    return bindings.get(name) === got ? [] : [`${place}: ${said(got)} is not <${name}>`];
  }
  if (Array.isArray(shown)) return listDifferences(shown, got, bindings, place);
  if (typeof shown === 'object' && shown !== null) return objectDifferences(shown, got, bindings, place);
  return Object.is(shown, got) ? [] : [`${place}: the page shows ${said(shown)}, the answer has ${said(got)}`];
}

function listDifferences(shown: readonly unknown[], got: unknown, bindings: Bindings, place: string): string[] {
  if (!Array.isArray(got)) return [`${place}: not a list but ${said(got)}`];
  const isOpen = shown.at(-1) === more;
  const wanted = isOpen ? shown.slice(0, -1) : shown;
  if (isOpen ? got.length < wanted.length : got.length !== wanted.length)
    return [`${place}: ${got.length} elements: ${said(got)}`];
  return wanted.flatMap((one, index) => differences(one, got[index], bindings, `${place}/${index}`));
}

function objectDifferences(shown: object, got: unknown, bindings: Bindings, place: string): string[] {
  if (typeof got !== 'object' || got === null) return [`${place}: not an object but ${said(got)}`];
  const wanted = Object.entries(shown).filter(([key]) => key !== more);
  const answered = got as Readonly<Record<string, unknown>>;
  const unshown = more in shown ? [] : Object.keys(answered).filter((key) => !(key in shown));
  return [
    ...wanted.flatMap(([key, one]) => differences(one, answered[key], bindings, `${place}/${key}`)),
    ...unshown.map((key) => `${place}/${key}: the page does not show it: ${said(answered[key])}`),
  ];
}

function said(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
