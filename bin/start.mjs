// `npm start`: from a fresh clone to a running Kopilka. Nothing may be installed yet, so built-in modules only.
import { ensureInstalled } from './install.mjs';

ensureInstalled();
process.argv.splice(2, 0, 'start');
await import('./kopilka.mjs');
