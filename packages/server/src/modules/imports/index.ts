export type { FileImport } from './domain/import.ts';
export type { MappingInput } from './domain/mapping.ts';
export type { ImportsDeps } from './service/deps.ts';
export { createImport, readImport, requestTask } from './service/imports.ts';
export { workOn } from './service/run-import.ts';
