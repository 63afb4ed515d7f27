// The only reader of arguments, environment and signals.
import { userInfo } from 'node:os';
import process from 'node:process';
import { runProgram } from './cli/program.ts';

const quitNow = 130;
const stopping = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second one means it.
    if (stopping.signal.aborted) process.exit(quitNow);
    stopping.abort();
  });
}

function person(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without a name, as in some containers.
    return 'unknown';
  }
}

const code = await runProgram({
  args: process.argv.slice(2),
  env: process.env,
  person: person(),
  streams: { answers: process.stdout, remarks: process.stderr },
  signal: stopping.signal,
});
process.exitCode = code;
