import { lookup as resolveName } from 'node:dns';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { resolve, sep } from 'node:path';
import type { FeedFiles, FeedOpened } from '../domain/feed.ts';

export interface FeedFilesOptions {
  /** Where files for feeds are put; nothing outside is ever opened. */
  readonly folder: string;
  /** Whether URLs may lead into the operator's own network. Off by default: a key for the catalog must not read what the server can. */
  readonly privateAddresses: boolean;
}

const redirectsMax = 3;
const connectMilliseconds = 30_000;

export function feedFiles(options: FeedFilesOptions): FeedFiles {
  return {
    open: (source) =>
      source.kind === 'file' ? openFile(options.folder, source.path) : openUrl(source.url, options.privateAddresses, 0),
  };
}

async function openFile(folder: string, path: string): Promise<FeedOpened> {
  try {
    const root = await realpath(folder);
    // After links are followed: a link inside the folder may lead out of it.
    const file = await realpath(resolve(root, path));
    if (!file.startsWith(root + sep)) return refuse('file_outside', 'the file is not in the folder for feeds');
    if (!(await stat(file)).isFile()) return refuse('file_missing', 'there is no such file');
    return { ok: true, file: createReadStream(file) };
  } catch {
    return refuse('file_missing', 'there is no such file in the folder for feeds');
  }
}

function refuse(code: string, detail: string): FeedOpened {
  return { ok: false, code, detail };
}

async function openUrl(url: string, privateAddresses: boolean, redirects: number): Promise<FeedOpened> {
  let answer: IncomingMessage;
  try {
    answer = await get(new URL(url), privateAddresses);
  } catch (error) {
    if (error instanceof PrivateAddress) return refuse('address_private', 'the address leads into a private network');
    return refuse('url_unreachable', error instanceof Error ? error.message : String(error));
  }
  const status = answer.statusCode ?? 0;
  const { location } = answer.headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    answer.destroy();
    if (redirects >= redirectsMax) return refuse('too_many_redirects', 'the address leads in circles');
    return openUrl(new URL(location, url).href, privateAddresses, redirects + 1);
  }
  if (status === 200) return { ok: true, file: answer };
  answer.destroy();
  return refuse('url_status', `the address answered ${status}`);
}

class PrivateAddress extends Error {}

function get(url: URL, privateAddresses: boolean): Promise<IncomingMessage> {
  return new Promise((resolved, failed) => {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error('only http and https are read');
    const host = url.hostname.replaceAll(/^\[|\]$/g, '');
    if (!privateAddresses && isIP(host) !== 0 && isPrivate(host)) throw new PrivateAddress();
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = request(url, {
      // Checked where the connection is made: a name may answer differently the second time it is asked.
      lookup: privateAddresses ? resolveName : publicLookup,
      headers: { 'user-agent': 'Kopilka', accept: 'application/xml, text/xml, text/csv, */*' },
      timeout: connectMilliseconds,
    });
    sent.on('timeout', () => sent.destroy(new Error('the address did not answer in time')));
    sent.on('error', failed);
    sent.on('response', resolved);
    sent.end();
  });
}

const publicLookup: LookupFunction = (name, options, answer) => {
  resolveName(name, { ...options, all: true }, (error, addresses) => {
    const list = error ? [] : addresses;
    const [first] = list;
    if (error || first === undefined) return answer(error ?? new Error('the name has no address'), '', 0);
    if (list.some(({ address }) => isPrivate(address))) return answer(new PrivateAddress(), '', 0);
    if (options.all === true) return answer(null, list);
    return answer(null, first.address, first.family);
  });
};

const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv6');
}

/** BlockList looks into IPv4 addresses written as IPv6 (::ffff:127.0.0.1) by itself. */
export function isPrivate(address: string): boolean {
  return privateNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
