export type { Playbook } from './domain/playbook.ts';
export {
  type InstalledPlaybook,
  installPlaybook,
  type InstallPlaybook,
  listPlaybooks,
  type PlaybooksDeps,
  readPlaybook,
} from './service/install.ts';
