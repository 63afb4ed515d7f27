export type { AuditEntry, AuditFilter } from './domain/audit.ts';
export { createApiKey, listApiKeys, revokeApiKey } from './service/api-keys.ts';
export { createKeyring, type Keyring } from './service/keyring.ts';
export { type AuditCommand, listAudit, recordAudit } from './service/record-audit.ts';
