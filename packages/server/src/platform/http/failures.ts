import type { Socket } from 'node:net';
import type { SharedProblemCode } from '@kopilka/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../log.ts';
import { isOutage } from '../outage.ts';
import { languageOf } from './language.ts';
import { HttpProblem, type ProblemMore, sharedProblem } from './problems.ts';

const retryAfterOutageSeconds = '1';

// Fastify's own refusals that are not simply a bad request.
const frameworkCodes: Readonly<Record<string, SharedProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
};

/** Whatever was thrown on the way, the caller gets a problem; what we did wrong goes to the log and nowhere else. */
export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  if (error instanceof HttpProblem) return answerProblem(error.code, request, reply, error.more);
  const framework = frameworkProblem(error);
  if (framework !== undefined) return answerProblem(framework, request, reply);
  const about = { request_id: request.id, route: request.routeOptions.url, err: error };
  if (isOutage(error)) {
    log.warn({ event: 'outage', ...about });
    return answerProblem('unavailable', request, reply, { headers: { 'retry-after': retryAfterOutageSeconds } });
  }
  log.error({ event: 'bug', ...about });
  return answerProblem('internal', request, reply);
}

function frameworkProblem(error: unknown): SharedProblemCode | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return undefined;
  const { code, statusCode } = error;
  if (typeof code !== 'string' || !code.startsWith('FST_') || typeof statusCode !== 'number') return undefined;
  return frameworkCodes[code] ?? (statusCode < 500 ? 'bad_request' : undefined);
}

export function answerProblem(
  code: SharedProblemCode,
  request: FastifyRequest,
  reply: FastifyReply,
  more: ProblemMore = {},
): void {
  const language = languageOf(request.headers['accept-language']);
  const problem = sharedProblem(code, { requestId: request.id, language }, more);
  reply
    .code(problem.status)
    .headers({
      ...more.headers,
      'x-request-id': request.id,
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    })
    .send(JSON.stringify(problem));
}

/** What is not HTTP at all (or has headers too large) never becomes a request: its answer is written to the bare socket. */
export function refuseConnection(socket: Socket, requestId: string): void {
  if (socket.destroyed || !socket.writable) return;
  const body = JSON.stringify(sharedProblem('bad_request', { requestId, language: 'ru' }));
  const head = ['HTTP/1.1 400 Bad Request', 'content-type: application/problem+json', 'connection: close'];
  socket.end([...head, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));
}
