import type { RouteContract } from '@kopilka/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../clock.ts';
import type { RateLimit, RateVerdict } from '../rate-limit.ts';
import type { Caller } from './caller.ts';
import { HttpProblem } from './problems.ts';

/** Who came and when: settled before the body is read, so that a stranger's megabytes are not. */
export interface Arrival {
  readonly caller: Caller;
  readonly now: Temporal.Instant;
}

export interface Door {
  readonly clock: Clock;
  readonly authenticate: (authorization: string | undefined, now: Temporal.Instant) => Promise<Caller | null>;
  readonly limit: RateLimit | undefined;
}

const nobody: Caller = {
  kind: 'system',
  id: 'nobody',
  name: 'nobody',
  integration: 'nobody',
  scopes: new Set(),
  shopIds: new Set(),
  test: false,
};

/** Key, then rate, then scope: a key that may not do this still pays for asking. */
export function doorkeeper(contract: RouteContract, door: Door) {
  const { scope } = contract;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const now = door.clock.now();
    if (scope === null) {
      request.arrival = { caller: nobody, now };
      return;
    }
    const caller = await door.authenticate(request.headers.authorization, now);
    if (caller === null) throw new HttpProblem('unauthorized', { headers: { 'www-authenticate': 'Bearer' } });
    if (door.limit !== undefined) spend(door.limit.take(caller.id, now.epochMilliseconds), reply);
    if (!caller.scopes.has(scope) && !caller.scopes.has('admin'))
      throw new HttpProblem('forbidden', { details: { scope } });
    request.arrival = { caller, now };
  };
}

function spend(verdict: RateVerdict, reply: FastifyReply): void {
  reply.header('ratelimit-limit', verdict.limit);
  reply.header('ratelimit-remaining', verdict.remaining);
  reply.header('ratelimit-reset', verdict.resetSeconds);
  if (verdict.waitSeconds > 0)
    throw new HttpProblem('rate_limited', { headers: { 'retry-after': String(verdict.waitSeconds) } });
}
