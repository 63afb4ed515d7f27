import type { RouteContract } from '@kopilka/contract';
import type { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { Outcome, Refusal } from '#kernel/outcome.ts';
import type { Caller } from './caller.ts';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: everything parsed by the contract, and the instant of the request. */
export interface Call<Contract extends RouteContract> {
  readonly params: Parsed<Contract['params']>;
  readonly query: Parsed<Contract['query']>;
  readonly body: Parsed<Contract['body']>;
  /** What a route that `takesFile` is sent. */
  readonly file?: AsyncIterable<Uint8Array>;
  readonly caller: Caller;
  readonly now: Temporal.Instant;
  readonly requestId: string;
  readonly language: 'ru' | 'en';
}

/** A refusal whose code the route's contract lists. */
export type RouteRefusal<Contract extends RouteContract> = Refusal & {
  readonly code: keyof Contract['refusals'] & string;
};

export type Handle<Contract extends RouteContract> = (
  call: Call<Contract>,
) => Promise<Outcome<ValueOf<Contract>, RouteRefusal<Contract>>> | Outcome<ValueOf<Contract>, RouteRefusal<Contract>>;

/** What the contract's response takes; bytes where it is not JSON. */
type ValueOf<Contract extends RouteContract> = Contract extends { readonly answers: string }
  ? AsyncIterable<Uint8Array>
  : z.output<Contract['response']>;

/** A route and what answers it. Modules return lists of these from `mount`; wiring gives them to the server. */
export interface MountedRoute {
  readonly contract: RouteContract;
  readonly handle: (call: Call<RouteContract>) => Promise<Outcome<unknown, Refusal>>;
}

/** A route is a sentence: contract, call, answer. */
export function handler<const Contract extends RouteContract>(
  contract: Contract,
  handle: Handle<Contract>,
): MountedRoute {
  return { contract, handle: async (call) => handle(call) };
}
