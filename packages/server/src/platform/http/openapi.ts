import { problem, type RouteContract, sharedProblems } from '@kopilka/contract';
import { z } from 'zod';
import { fileTypes } from './body.ts';
import { isShared, words } from './problems.ts';

type Json = Readonly<Record<string, unknown>>;

/** OpenAPI 3.1 of all contracts: deterministic, so that the committed copy shows what a change does to the wire. */
export function openApiDocument(contracts: readonly RouteContract[], version: string): Json {
  const components = new Map<string, Json>();
  const ordered = contracts.toSorted((first, second) => (sortKey(first) < sortKey(second) ? -1 : 1));
  const paths: Record<string, Record<string, Json>> = {};
  for (const contract of ordered) {
    const path = contract.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operation(contract, components) };
  }
  const problemSchema = schemaOf(problem, components);
  return {
    openapi: '3.1.0',
    info: { title: 'Kopilka', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }, description: about },
    servers: [{ url: '/' }],
    tags: [...new Set(ordered.map((contract) => contract.tag))].toSorted().map((name) => ({ name })),
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: kpk_…' } },
      responses: sharedResponses(),
      schemas: Object.fromEntries([...components, ['Problem', problemSchema]]),
    },
  };
}

const about = [
  'Sums of money are integers in minor units (kopecks), points are integers, quantities are integers in thousandths, times are RFC 3339.',
  'Refusals are RFC 9457 problems: read `code`, it is stable. Keys that a request does not know are refused.',
  'With an `Idempotency-Key` a repeat answers the same; where it is not listed, the id in the request serves.',
].join(' ');

function sortKey(contract: RouteContract): string {
  return `${contract.path} ${['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].indexOf(contract.method)}`;
}

function operation(contract: RouteContract, components: Map<string, Json>): Json {
  const status = contract.status ?? 200;
  const success =
    status === 204
      ? { description: 'Done' }
      : {
          description: 'Done',
          content: { [contract.answers ?? 'application/json']: { schema: schemaOf(contract.response, components) } },
        };
  return {
    operationId: operationId(contract),
    tags: [contract.tag],
    summary: contract.summary,
    ...(contract.description === undefined ? {} : { description: contract.description }),
    ...(contract.scope === null ? { security: [] } : { 'x-scope': contract.scope }),
    parameters: parameters(contract, components),
    ...(contract.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(contract.body, components, 'strict') } },
          },
        }),
    ...(contract.takesFile === true ? { requestBody: fileBody } : {}),
    responses: { [status]: success, ...problems(contract) },
  };
}

const fileBody: Json = {
  required: true,
  content: Object.fromEntries(fileTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
};

/** GET /v1/members/:memberId/lots → getMembersByMemberIdLots */
function operationId(contract: RouteContract): string {
  const parts = contract.path
    .split('/')
    .filter((part) => part !== '' && part !== 'v1')
    .map((part) => (part.startsWith(':') ? `By-${part.slice(1)}` : part));
  const name = parts.join('-').replaceAll(/[^A-Za-z0-9]+(\w)/g, (_match, letter: string) => letter.toUpperCase());
  return contract.method.toLowerCase() + name.charAt(0).toUpperCase() + name.slice(1);
}

function parameters(contract: RouteContract, components: Map<string, Json>): Json[] {
  const path = fieldsOf(contract.params, components).map(([name, schema]) => ({
    name,
    in: 'path',
    required: true,
    schema,
  }));
  const query = fieldsOf(contract.query, components).map(([name, schema, required]) => ({
    name,
    in: 'query',
    required,
    schema,
  }));
  const header = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  };
  return [...path, ...query, ...(contract.idempotencyKey === true ? [header] : [])];
}

function fieldsOf(schema: z.ZodType | undefined, components: Map<string, Json>): [string, unknown, boolean][] {
  if (schema === undefined) return [];
  const whole = schemaOf(schema, components);
  const required = new Set((whole['required'] ?? []) as string[]);
  return Object.entries((whole['properties'] ?? {}) as Json).map(([name, field]) => [name, field, required.has(name)]);
}

/** One response per status, its description the codes a caller may meet there. */
function problems(contract: RouteContract): Record<string, Json> {
  const isOpen = contract.scope === null;
  const shared = Object.entries(sharedProblems).filter(([code]) => isAnswered(code, contract, isOpen));
  const byStatus = new Map<number, string[]>();
  for (const [code, status] of [...shared, ...Object.entries(contract.refusals)]) {
    const codes = byStatus.get(status) ?? [];
    if (!codes.includes(code)) codes.push(code);
    byStatus.set(status, codes);
  }
  const answers = [...byStatus].toSorted(([first], [second]) => first - second);
  return Object.fromEntries(answers.map(([status, codes]) => [String(status), problemResponse(codes)]));
}

function isAnswered(code: string, contract: RouteContract, isOpen: boolean): boolean {
  switch (code) {
    case 'unauthorized':
    case 'forbidden':
    case 'rate_limited':
      return !isOpen;
    case 'idempotency_conflict':
      return contract.idempotencyKey === true;
    case 'payload_too_large':
    case 'unsupported_media_type':
      return contract.body !== undefined || contract.takesFile === true;
    case 'not_found':
    case 'method_not_allowed':
      return false;
    default:
      return true;
  }
}

/** What most routes share is written once. */
function problemResponse(codes: readonly string[]): Json {
  const [code = ''] = codes;
  if (codes.length === 1 && isShared(code)) return { $ref: `#/components/responses/${code}` };
  return ownResponse(codes);
}

function ownResponse(codes: readonly string[]): Json {
  const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] };
  return { description: codes.map(words).join(' · '), content: { 'application/problem+json': { schema } } };
}

function sharedResponses(): Json {
  return Object.fromEntries(Object.keys(sharedProblems).map((code) => [code, ownResponse([code])]));
}

/**
 * The wire side of a schema in JSON Schema 2020-12. Codecs (integer ↔ bigint) are described by what travels: zod's output side would be a bigint,
 * which JSON Schema has no word for, and comes out empty.
 */
function schemaOf(schema: z.ZodType, components: Map<string, Json>, keys: 'strict' | 'open' = 'open'): Json {
  const {
    $schema: _dialect,
    $defs,
    ...made
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // zod leaves the examples of a codec out, because it cannot know that they are of the wire side: ours are.
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples ??= examples;
      if (keys === 'strict' && zodSchema._zod.def.type === 'object') jsonSchema.additionalProperties ??= false;
    },
  });
  for (const [name, part] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    const { id: _id, ...component } = part;
    components.set(name, rerooted(component) as Json);
  }
  const { id: _id, ...rest } = made as Json & { id?: unknown };
  return rerooted(rest) as Json;
}

function rerooted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rerooted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === '$ref' && typeof part === 'string' ? part.replace('#/$defs/', '#/components/schemas/') : rerooted(part),
    ]),
  );
}
