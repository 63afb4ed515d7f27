// Prints docs/manual/integrator/errors-by-route.md: what each route may refuse, read from the committed OpenAPI document.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './files.mjs';

/** @typedef {{ $ref?: string, content?: Record<string, { schema: { allOf?: { properties?: { code: { enum: string[] } } }[] } }> }} Response */
/** @typedef {{ responses: Record<string, Response> }} Operation */

/** @type {{ paths: Record<string, Record<string, Operation>>, components: { responses: Record<string, unknown> } }} */
const document = JSON.parse(readFileSync(join(repository, 'packages/contract/openapi.json'), 'utf8'));
const shared = new Set(Object.keys(document.components.responses));

const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => {
    const codes = Object.entries(operation.responses).flatMap(([status, response]) => {
      const own = ownCodes(response);
      return own.length === 0 ? [] : [`${status}: ${own.map((code) => `\`${code}\``).join(', ')}`];
    });
    return `| \`${method.toUpperCase()} ${path}\` | ${codes.join(' · ') || '–'} |`;
  }),
);

process.stdout.write(
  `${[
    '# Refusals by route',
    '',
    'Generated from the contracts by `node tools/error-codes.mjs`. What every route may answer besides (400 `bad_request`, 401, 403, 413, 415, 429, 500, 503),',
    'and what the codes mean, stands in [errors](errors.md).',
    '',
    '| route | status: codes |',
    '|---|---|',
    ...rows,
  ].join('\n')}\n`,
);

/** @param {Response} response */
function ownCodes(response) {
  const schema = response.content?.['application/problem+json']?.schema;
  const codes = schema?.allOf?.flatMap((part) => part.properties?.code.enum ?? []) ?? [];
  return codes.filter((code) => !shared.has(code));
}
