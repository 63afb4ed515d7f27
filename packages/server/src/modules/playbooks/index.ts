export type { Playbook } from './domain/playbook.ts';
export {
  type InstalledPlaybook,
  type InstallPlaybook,
  installPlaybook,
  listPlaybooks,
  type PlaybooksDeps,
  readPlaybook,
} from './service/install.ts';
