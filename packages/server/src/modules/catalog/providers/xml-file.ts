import { SaxesParser } from 'saxes';
import type { FeedEvent } from '../domain/feed.ts';
import { BrokenFile, decoded } from './file-text.ts';

/** What a kind of feed makes of elements. `path` holds the names from the root, this element last. */
export interface XmlHandler {
  open(element: {
    readonly path: readonly string[];
    readonly attributes: Readonly<Record<string, string>>;
    readonly line: number;
  }): void;
  /** `text` is what stood in an element without others in it. */
  close(element: { readonly path: readonly string[]; readonly text: string; readonly line: number }): void;
}

export type Emit = (event: FeedEvent) => void;

const depthMax = 64;
const textMax = 100_000;
/** A tag, comment or text that never ends would be kept in memory as it grows. */
const tokenMax = 4 * 1024 * 1024;

/** Entities that shops put into feeds though XML has only five. What a file declares itself is refused. */
const htmlEntities = {
  nbsp: '\u00a0',
  laquo: '«',
  raquo: '»',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  deg: '°',
  times: '×',
  copy: '©',
  reg: '®',
  trade: '™',
};

/** Streams a file through saxes. Answers a `broken` event, with its line, for anything that is not well-formed or goes on too long. */
export async function* readXml(
  file: AsyncIterable<Uint8Array>,
  options: { readonly bytesMax: number; readonly handler: (emit: Emit) => XmlHandler },
): AsyncGenerator<readonly FeedEvent[]> {
  let events: FeedEvent[] = [];
  const parser = new SaxesParser({ xmlns: false, position: true });
  const sinceEvent = { characters: 0 };
  attach(
    parser,
    options.handler((event) => events.push(event)),
    sinceEvent,
  );
  try {
    for await (const text of decoded(file, { bytesMax: options.bytesMax, encoding: encodingOfXml })) {
      sinceEvent.characters += text.length;
      parser.write(text);
      if (sinceEvent.characters > tokenMax) throw new BrokenFile('token_too_long', 'a tag or a text does not end');
      if (events.length > 0) yield events;
      events = [];
    }
    parser.close();
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    events.push({ type: 'broken', code: error.code, line: error.line ?? parser.line, detail: error.message });
  }
  if (events.length > 0) yield events;
}

function attach(parser: SaxesParser, handler: XmlHandler, sinceEvent: { characters: number }): void {
  const path: string[] = [];
  let text = '';
  Object.assign(parser.ENTITIES, htmlEntities);
  parser.on('error', (error) => {
    throw new BrokenFile('malformed_xml', error.message.replace(/^\d+:\d+: /, ''), parser.line);
  });
  parser.on('doctype', (doctype) => {
    sinceEvent.characters = 0;
    if (/<!ENTITY/i.test(doctype))
      throw new BrokenFile('entities_refused', 'a file may not declare entities', parser.line);
  });
  parser.on('opentag', (tag) => {
    sinceEvent.characters = 0;
    path.push(tag.name);
    text = '';
    if (path.length > depthMax) throw new BrokenFile('too_deep', `elements nest deeper than ${depthMax}`, parser.line);
    handler.open({ path, attributes: tag.attributes, line: parser.line });
  });
  const addText = (more: string) => {
    sinceEvent.characters = 0;
    if (text.length < textMax) text += more.slice(0, textMax);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('comment', () => {
    sinceEvent.characters = 0;
  });
  parser.on('closetag', () => {
    sinceEvent.characters = 0;
    handler.close({ path, text: text.trim(), line: parser.line });
    text = '';
    path.pop();
  });
}

/** From the declaration, which is ASCII in every encoding we read. */
function encodingOfXml(start: Uint8Array): string {
  const declaration = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(
    new TextDecoder('latin1').decode(start.subarray(0, 300)),
  );
  return declaration?.[1] ?? 'utf-8';
}
