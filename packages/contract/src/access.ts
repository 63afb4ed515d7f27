import { z } from 'zod';
import { route, scopes } from './route.ts';
import { code, instantText, page, pageQuery, text, uuid } from './wire.ts';

export const apiKey = z
  .object({
    id: uuid,
    name: z.string(),
    integration: z
      .string()
      .meta({ description: 'receipts are idempotent within an integration; its keys may be replaced' }),
    scopes: z.array(z.enum(scopes)),
    shop_ids: z.array(uuid).nullable().meta({ description: 'null: every shop' }),
    test: z.boolean().meta({ description: 'what a test key does stays out of figures' }),
    created_at: instantText,
    last_used_at: instantText.nullable().meta({ description: 'to the minute' }),
    revoked_at: instantText.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const createApiKeyRequest = z.object({
  name: text(200).meta({ examples: ['POS of the chain'] }),
  integration: code.default('main'),
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .max(scopes.length)
    .meta({ examples: [['checkout', 'members:read']] }),
  shop_ids: z.array(uuid).min(1).max(1000).nullable().default(null),
  test: z.boolean().default(false),
});

export const listApiKeys = route({
  method: 'GET',
  path: '/v1/api-keys',
  tag: 'access',
  summary: 'API keys, newest first, revoked ones too',
  scope: 'admin',
  query: pageQuery,
  response: page(apiKey),
  refusals: {},
});

export const createApiKey = route({
  method: 'POST',
  path: '/v1/api-keys',
  tag: 'access',
  summary: 'Make an API key',
  description:
    'The answer holds the key itself. It is shown this once: only its hash is kept. No Idempotency-Key here, for the same reason.',
  scope: 'admin',
  body: createApiKeyRequest,
  response: z.object({ api_key: apiKey, key: z.string().meta({ description: 'kpk_…, to be kept by the caller' }) }),
  status: 201,
  refusals: {},
});

export const revokeApiKey = route({
  method: 'DELETE',
  path: '/v1/api-keys/:keyId',
  tag: 'access',
  summary: 'Revoke an API key',
  description: 'At once in the process that answers, within five seconds in others. Revoking twice is fine.',
  scope: 'admin',
  params: z.object({ keyId: uuid }),
  response: z.null(),
  status: 204,
  refusals: { api_key_not_found: 404 },
});

export const auditEntry = z
  .object({
    id: uuid,
    at: instantText,
    actor: z.object({ kind: z.enum(['api_key', 'cli', 'system']), id: z.string(), name: z.string() }),
    action: z.string().meta({ examples: ['program.publish'] }),
    subject: z.object({ kind: z.string(), id: z.string() }),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'AuditEntry' });

export const listAuditLog = route({
  method: 'GET',
  path: '/v1/audit-log',
  tag: 'access',
  summary: 'Changes of settings, the program and balances by hand, newest first',
  scope: 'admin',
  query: pageQuery.extend({
    action: text(100).optional(),
    subject_kind: text(100).optional(),
    subject_id: text(200).optional(),
    actor_id: text(200).optional(),
    from: instantText.optional(),
    until: instantText.optional().meta({ description: 'exclusive' }),
  }),
  response: page(auditEntry),
  refusals: {},
});
