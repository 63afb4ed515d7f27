import { createHash } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

export interface DocsPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const css = `
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent);--soft:color-mix(in srgb,currentColor 6%,transparent);--dim:color-mix(in srgb,currentColor 65%,transparent)}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main,header{max-width:62rem;margin:0 auto;padding:1rem 1.25rem}
h1{font-size:1.7rem;margin:.5rem 0}h2{margin:2.5rem 0 .5rem;border-bottom:1px solid var(--line)}
nav ul{columns:2 20rem;padding-left:1rem}nav li{font-size:.9rem}
a{color:LinkText}
article{border:1px solid var(--line);border-radius:.6rem;padding:.25rem 1rem 1rem;margin:1rem 0}
article>h3{margin:.6rem 0 .2rem;font:600 1rem ui-monospace,monospace;overflow-wrap:anywhere}
.method{display:inline-block;min-width:4.2rem}
.dim{color:var(--dim)}
table{border-collapse:collapse;width:100%;font-size:.9rem}
td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-top:1px solid var(--line)}
code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:var(--soft);border-radius:.4rem;padding:.7rem;overflow:auto;margin:.4rem 0}
summary{cursor:pointer;margin:.4rem 0}
`;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => escapes[letter] ?? letter);
}

/** The OpenAPI document for people: one page, no script, nothing from elsewhere. */
export function docsPage(document: Json): DocsPage {
  const info = document['info'] as Record<string, string>;
  const operations = operationsOf(document);
  const tags = [...new Set(operations.map((operation) => operation.tag))];
  const body = tags
    .map((tag) =>
      section(
        tag,
        operations.filter((operation) => operation.tag === tag),
      ),
    )
    .join('');
  const schemas = Object.entries((document['components'] as Json)['schemas'] as Json).map(
    ([name, schema]) =>
      `<details id="schema-${escape(name)}"><summary><code>${escape(name)}</code></summary>${block(schema)}</details>`,
  );
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Kopilka API ${escape(info['version'] ?? '')}</title><style>${css}</style></head><body>
<header><h1>Kopilka API <span class="dim">${escape(info['version'] ?? '')}</span></h1><p>${escape(info['description'] ?? '')}</p>
<p>The same as a document: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p></header>
<main><nav>${tags.map((tag) => contents(tag, operations)).join('')}</nav>${body}<h2>Schemas</h2>${schemas.join('')}</main></body></html>`;
  const styleHash = createHash('sha256').update(css).digest('base64');
  return {
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
  };
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly id: string;
  readonly details: Json;
}

function operationsOf(document: Json): Operation[] {
  return Object.entries(document['paths'] as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, details]) => ({
      method: method.toUpperCase(),
      path,
      tag: ((details['tags'] as string[])[0] ?? '').toString(),
      id: details['operationId'] as string,
      details,
    })),
  );
}

function contents(tag: string, operations: readonly Operation[]): string {
  const items = operations.filter((operation) => operation.tag === tag);
  const links = items.map(
    (item) => `<li><a href="#${escape(item.id)}">${escape(item.details['summary'] as string)}</a></li>`,
  );
  return `<strong>${escape(tag)}</strong><ul>${links.join('')}</ul>`;
}

function section(tag: string, operations: readonly Operation[]): string {
  return `<h2>${escape(tag)}</h2>${operations.map(article).join('')}`;
}

function article(operation: Operation): string {
  const { details } = operation;
  const scope = details['x-scope'] as string | undefined;
  const body = jsonSchema(details['requestBody']);
  return `<article id="${escape(operation.id)}"><h3><span class="method">${operation.method}</span>${escape(operation.path)}</h3>
<p>${escape(details['summary'] as string)}${scope === undefined ? ' <span class="dim">no key needed</span>' : ` <span class="dim">scope ${escape(scope)}</span>`}</p>
${details['description'] === undefined ? '' : `<p>${escape(details['description'] as string)}</p>`}
${parametersTable(details['parameters'] as Json[])}
${body === undefined ? '' : `<details><summary>Body</summary>${block(body)}</details>`}
${answersTable(details['responses'] as Record<string, Json>)}
<pre>${escape(curl(operation, body))}</pre></article>`;
}

function parametersTable(parameters: readonly Json[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map((parameter) => {
    const schema = parameter['schema'] as Json;
    const about = [
      kindOf(schema),
      parameter['required'] === true ? 'required' : '',
      (schema['description'] ?? '') as string,
    ];
    return `<tr><td><code>${escape(parameter['name'] as string)}</code></td><td>${escape(parameter['in'] as string)}</td><td>${escape(about.filter((part) => part !== '').join(', '))}</td></tr>`;
  });
  return `<table><thead><tr><th>Parameter</th><th>In</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function kindOf(schema: Json): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].join(' | ');
  return [schema['type'], schema['format']].filter((part) => typeof part === 'string').join(' ');
}

function answersTable(responses: Readonly<Record<string, Json>>): string {
  const rows = Object.entries(responses).map(([status, response]) => {
    const schema = jsonSchema(response);
    const codes = problemCodes(response);
    const what = codes === undefined ? '' : codes.map((code) => `<code>${escape(code)}</code>`).join(' ');
    const shape = schema === undefined ? '' : `<details><summary>Answer</summary>${block(schema)}</details>`;
    return `<tr><td>${status}</td><td>${what}${shape}</td></tr>`;
  });
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}

function jsonSchema(holder: unknown): Json | undefined {
  const content = (holder as { content?: Record<string, { schema?: Json }> } | undefined)?.content;
  return content?.['application/json']?.schema;
}

function problemCodes(response: Json): string[] | undefined {
  const shared = response['$ref'];
  if (typeof shared === 'string') return [shared.split('/').at(-1) ?? ''];
  const content = response['content'] as
    | Record<string, { schema: { allOf?: { properties?: { code?: { enum: string[] } } }[] } }>
    | undefined;
  return content?.['application/problem+json']?.schema.allOf?.[1]?.properties?.code?.enum;
}

function block(schema: unknown): string {
  return `<pre>${escape(JSON.stringify(schema, null, 2))}</pre>`;
}

function curl(operation: Operation, body: Json | undefined): string {
  const lines = [`curl -X ${operation.method} "$KOPILKA${operation.path}"`, `-H "Authorization: Bearer $KEY"`];
  if (body !== undefined)
    lines.push(`-H 'content-type: application/json'`, `-d '${JSON.stringify(exampleOf(body, 0))}'`);
  return lines.join(' \\\n  ');
}

const exampleDepthMax = 6;

/** The schema's own example, or the least value that has its shape: required keys only. */
function exampleOf(schema: Json, depth: number): unknown {
  if (Array.isArray(schema['examples'])) return schema['examples'][0];
  for (const field of ['example', 'const', 'default']) if (field in schema) return schema[field];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const branches = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  if (Array.isArray(branches) && branches.length > 0) return exampleOf(branches[0] as Json, depth + 1);
  if (depth > exampleDepthMax) return {};
  switch (schema['type']) {
    case 'object':
      return exampleObject(schema, depth);
    case 'array':
      return schema['items'] === undefined ? [] : [exampleOf(schema['items'] as Json, depth + 1)];
    case 'integer':
    case 'number':
      return Math.max(1, typeof schema['minimum'] === 'number' ? schema['minimum'] : 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'string':
      return exampleText(schema);
    default:
      return {};
  }
}

function exampleObject(schema: Json, depth: number): Json {
  const required = new Set((schema['required'] ?? []) as string[]);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
  return Object.fromEntries(
    properties.filter(([name]) => required.has(name)).map(([name, part]) => [name, exampleOf(part, depth + 1)]),
  );
}

function exampleText(schema: Json): string {
  switch (schema['format']) {
    case 'uuid':
      return '0190a6e0-0000-7000-8000-000000000000';
    case 'date-time':
      return '2026-11-22T12:00:00+03:00';
    case 'date':
      return '2026-11-22';
    default:
      return 'text';
  }
}
