import { type Scope, scopes } from '@kopilka/contract';
import { createApiKeyRequest } from '@kopilka/contract/access';
import type { Command } from 'commander';
import { isUuid } from '#kernel/ids.ts';
import { type CliContext, CliRefusal, type CliVerb } from '#platform/cli.ts';
import * as keys from '../service/api-keys.ts';
import { createKeyring } from '../service/keyring.ts';

const pageSize = 500;

interface CreateOptions {
  readonly scopes: readonly string[];
  readonly integration: string;
  readonly shops?: readonly string[];
  readonly test?: boolean;
}

/** kopilka apikey create | list | revoke */
export const apiKeyVerb: CliVerb = {
  register: (program, context) => {
    const apikey = program.command('apikey').description('make, list and revoke API keys');
    registerCreate(apikey, context);
    apikey
      .command('list')
      .description('all keys, newest first')
      .addHelpText('after', '\nExample:\n  kopilka apikey list --json')
      .action(() => listKeys(context));
    apikey
      .command('revoke')
      .description('revoke a key: at once for this process, within five seconds for running servers')
      .argument('<id>', 'the id that list shows')
      .addHelpText('after', '\nExample:\n  kopilka apikey revoke 0190a6e0-0000-7000-8000-000000000000')
      .action((id: string) => revokeKey(context, id));
  },
};

function registerCreate(apikey: Command, context: CliContext): void {
  const split = (text: string) => text.split(',').map((part) => part.trim());
  apikey
    .command('create')
    .description('make a key and print it: it is shown this once')
    .argument('<name>', 'who will use it')
    .requiredOption('--scopes <list>', `what it may do, separated by commas: ${scopes.join(', ')}`, split)
    .option('--integration <code>', 'receipts are idempotent within it', 'main')
    .option('--shops <ids>', 'the only shops it may act for, separated by commas', split)
    .option('--test', 'what it does stays out of figures')
    .addHelpText('after', '\nExample:\n  kopilka apikey create "POS" --scopes checkout,members:read')
    .action((name: string, options: CreateOptions) => createKey(context, name, options));
}

async function createKey(context: CliContext, name: string, options: CreateOptions): Promise<void> {
  const { integration, shops = null, test = false } = options;
  const asked = createApiKeyRequest.safeParse({ name, integration, scopes: options.scopes, shop_ids: shops, test });
  if (!asked.success) {
    const [issue] = asked.error.issues;
    throw new CliRefusal({ code: 'bad_request' }, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { shop_ids: shopIds, ...rest } = asked.data;
  const deps = await accessOf(context);
  const now = (await context.foundation()).clock.now();
  const made = await keys.createApiKey(deps, { ...rest, shopIds, caller: context.caller, now });
  context.out.answer({ id: made.apiKey.id, name, scopes: rest.scopes, key: made.key }, (out) => {
    out.line(made.key);
    context.out.note('Keep it: only its hash is stored, it cannot be shown again.');
  });
}

async function listKeys(context: CliContext): Promise<void> {
  const { db } = await context.foundation();
  const found = await keys.listApiKeys(db, { beforeId: null, limit: pageSize });
  const items = found.map((key) => ({ ...key, scopes: key.scopes as Scope[], state: stateOf(key) }));
  context.out.answer(items, (out) => {
    const columns = ['id', 'name', 'integration', 'scopes', 'shops', 'last used', 'state'];
    const rows = items.map((key) => [
      key.id,
      key.name,
      key.integration,
      key.scopes.join(','),
      key.shopIds === null ? 'all' : String(key.shopIds.length),
      key.lastUsedAt?.toString() ?? 'never',
      key.state,
    ]);
    out.table(columns, rows);
  });
}

function stateOf(key: keys.StoredApiKey): string {
  if (key.revokedAt !== null) return 'revoked';
  return key.test ? 'test' : 'active';
}

async function revokeKey(context: CliContext, keyId: string): Promise<void> {
  if (!isUuid(keyId)) throw new CliRefusal({ code: 'api_key_not_found' });
  const deps = await accessOf(context);
  const now = (await context.foundation()).clock.now();
  const outcome = await keys.revokeApiKey(deps, { keyId, caller: context.caller, now });
  if (!outcome.ok) throw new CliRefusal(outcome.refusal);
  context.out.answer({ id: keyId, revoked: true }, (out) => out.line(`revoked ${keyId}`));
}

async function accessOf(context: CliContext): Promise<keys.AccessDeps> {
  const { db, newId, random } = await context.foundation();
  return { db, newId, random, keyring: createKeyring({ db, onError: () => undefined }) };
}
