import { minorUnits, pageQuery, route, text } from '@kopilka/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { docsPage } from './docs-page.ts';
import { openApiDocument } from './openapi.ts';

const product = z.object({ sku: text(40), price: minorUnits }).meta({ id: 'Product' });
const contracts = [
  route({
    method: 'POST',
    path: '/v1/products/:sku/prices',
    tag: 'catalog',
    summary: 'Set a price <now>',
    scope: 'catalog:write',
    params: z.object({ sku: text(40) }),
    body: z.object({ price: minorUnits.meta({ examples: [9900] }), inside: z.object({ note: z.string() }).optional() }),
    response: z.object({ product, before: minorUnits.nullable() }),
    status: 201,
    refusals: { product_not_found: 404, price_too_low: 422 },
    idempotencyKey: true,
  }),
  route({
    method: 'GET',
    path: '/v1/products',
    tag: 'catalog',
    summary: 'Products',
    scope: null,
    query: pageQuery,
    response: z.array(product),
    refusals: {},
  }),
];

// biome-ignore lint: what is looked at is JSON of any shape
const document = JSON.parse(JSON.stringify(openApiDocument(contracts, '1.2.3')));

describe('the OpenAPI document', () => {
  it('is the same whatever order the routes are mounted in', () => {
    expect(JSON.stringify(openApiDocument(contracts.toReversed(), '1.2.3'))).toBe(JSON.stringify(document));
    expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  });

  it('describes codecs by what travels, in answers too', () => {
    const price = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
    expect(document.components.schemas.Product.properties.price).toMatchObject(price);
    const operation = document.paths['/v1/products/{sku}/prices'].post;
    const answer = operation.responses['201'].content['application/json'].schema;
    expect(answer.properties.product).toEqual({ $ref: '#/components/schemas/Product' });
    expect(answer.properties.before.anyOf[0]).toMatchObject(price);
    const body = operation.requestBody.content['application/json'].schema;
    expect(body).toMatchObject({ required: ['price'], additionalProperties: false });
    expect(body.properties.inside.additionalProperties).toBe(false);
    expect(body.properties.price).toMatchObject({ ...price, examples: [9900] });
  });

  it('names operations, parameters, scopes and the codes of every refusal', () => {
    const { post } = document.paths['/v1/products/{sku}/prices'];
    expect([post.operationId, post['x-scope']]).toEqual(['postProductsBySkuPrices', 'catalog:write']);
    expect(post.parameters.map((parameter: { name: string }) => parameter.name)).toEqual(['sku', 'Idempotency-Key']);
    const codesOf = (status: string): string[] =>
      post.responses[status].content['application/problem+json'].schema.allOf[1].properties.code.enum;
    expect([codesOf('404'), codesOf('422')]).toEqual([['product_not_found'], ['price_too_low']]);
    const shared = post.responses['409'].$ref;
    expect(shared).toBe('#/components/responses/idempotency_conflict');
    expect(document.components.responses.idempotency_conflict.content).toHaveProperty(['application/problem+json']);
    const { get } = document.paths['/v1/products'];
    expect(get.security).toEqual([]);
    expect(Object.keys(get.responses)).toEqual(['200', '400', '500', '503']);
    expect(get.parameters.map((parameter: { required: boolean }) => parameter.required)).toEqual([false, false]);
  });

  it('becomes a page that shows every route and escapes what it shows', () => {
    const { html } = docsPage(openApiDocument(contracts, '1.2.3'));
    for (const shown of [
      '/v1/products/{sku}/prices',
      'price_too_low',
      'scope catalog:write',
      'no key needed',
      '&lt;now&gt;',
    ]) {
      expect(html).toContain(shown);
    }
    expect(html).toContain('{&quot;price&quot;:9900}');
    expect(html).not.toContain('<now>');
  });
});
