import type { RouteContract } from '@kopilka/contract';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { FileBody } from './body.ts';
import type { Caller } from './caller.ts';
import type { Call, MountedRoute } from './handler.ts';
import type { Answer, Idempotency, IdempotentAnswer } from './idempotency.ts';
import { inputParser } from './input.ts';
import { answerWriter } from './output.ts';
import { HttpProblem, isShared, type Language, refusalProblem } from './problems.ts';

/** A request as it came, before the contract looked at it. */
export interface Incoming {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;
  readonly now: Temporal.Instant;
  readonly requestId: string;
  readonly language: Language;
}

export interface Answered extends Answer {
  /** The problem's code when it is one. */
  readonly code?: string;
  readonly isRepeat?: boolean;
  /** Instead of `json`: sent as it comes. */
  readonly stream?: { readonly type: string; readonly bytes: AsyncIterable<Uint8Array> };
}

const idempotencyKeyPattern = /^[\x21-\x7e]{1,200}$/;
const nothing = z.object({});

/** Compiles a route: parse by the contract, call, check the answer by the contract. Made once per route, at the start. */
export function answering(route: MountedRoute, idempotency: Idempotency): (incoming: Incoming) => Promise<Answered> {
  const { contract } = route;
  const parse = requestParser(contract);
  const write = contract.status === 204 ? () => '' : answerWriter(contract.response);
  const name = `${contract.method} ${contract.path}`;
  const answer = async (call: Call<RouteContract>): Promise<Answered> => {
    const outcome = await route.handle(call);
    if (outcome.ok && contract.answers !== undefined) {
      const stream = { type: contract.answers, bytes: outcome.value as AsyncIterable<Uint8Array> };
      return { status: contract.status ?? 200, json: '', isRefusal: false, stream };
    }
    if (outcome.ok) return { status: contract.status ?? 200, json: write(outcome.value), isRefusal: false };
    const status = statusOf(contract, outcome.refusal.code);
    const problem = refusalProblem(outcome.refusal, status, call);
    return { status, json: JSON.stringify(problem), isRefusal: true, code: outcome.refusal.code };
  };
  return async (incoming) => {
    const call = parse(incoming);
    if (contract.idempotencyKey !== true || incoming.idempotencyKey === undefined) return answer(call);
    if (!idempotencyKeyPattern.test(incoming.idempotencyKey)) {
      throw new HttpProblem('bad_request', {
        field: 'header/idempotency-key',
        detail: '1 to 200 printable ASCII characters',
      });
    }
    const { params, query, body, caller, idempotencyKey: key } = incoming;
    const ask = { integration: caller.integration, key, route: name, content: [params, query, body ?? null] };
    return settled(await idempotency.once(ask, () => answer(call)));
  };
}

function settled(result: IdempotentAnswer): Answered {
  if (result.kind === 'conflict') throw new HttpProblem('idempotency_conflict', { field: 'header/idempotency-key' });
  return { ...result.answer, isRepeat: result.kind === 'repeat' };
}

function requestParser(contract: RouteContract): (incoming: Incoming) => Call<RouteContract> {
  const params = inputParser('path', contract.params ?? nothing);
  const query = inputParser('query', contract.query ?? nothing);
  const body = inputParser('body', contract.body ?? nothing.nullish());
  return (incoming) => ({
    ...fileOf(contract, incoming),
    params: params.parse(incoming.params, incoming.language),
    query: query.parse(incoming.query, incoming.language),
    body: contract.takesFile === true ? undefined : body.parse(incoming.body, incoming.language),
    caller: incoming.caller,
    now: incoming.now,
    requestId: incoming.requestId,
    language: incoming.language,
  });
}

function fileOf(contract: RouteContract, { body }: Incoming): { file?: AsyncIterable<Uint8Array> } {
  const isFile = body instanceof FileBody;
  const takesFile = contract.takesFile === true;
  if (!takesFile) {
    if (isFile) throw new HttpProblem('unsupported_media_type');
    return {};
  }
  if (isFile) return { file: body.bytes };
  if (body === undefined) throw new HttpProblem('bad_request', { detail: 'the body is the file' });
  throw new HttpProblem('unsupported_media_type');
}

/** The compiler checks handlers against their contract; a refusal that gets past it (a widened type) is a bug and told as one. */
function statusOf(contract: RouteContract, code: string): number {
  const status = contract.refusals[code];
  if (status !== undefined) return status;
  if (isShared(code)) throw new HttpProblem(code);
  throw new Error(`${contract.method} ${contract.path} refused with ${code}, which its contract does not list`);
}
