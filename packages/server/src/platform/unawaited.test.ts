import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { surviveUnawaited } from './unawaited.ts';

const told = (program: EventEmitter, reason: unknown) => program.emit('unhandledRejection', reason);
const databaseError = (code: string) => Object.assign(new Error('a statement failed'), { code });

describe('failures nobody waits for any more', () => {
  it.each([
    ['a lost connection', new Error('Client has encountered a connection error and is not queryable')],
    ['a server that is leaving', databaseError('57P01')],
    ['a deadlock', databaseError('40P01')],
    ['the statements sent after one that failed', databaseError('25P02')],
  ])('%s: the program goes on, the log knows', (_name, reason) => {
    const program = new EventEmitter();
    const logged: unknown[] = [];
    surviveUnawaited({ warn: (line: unknown) => logged.push(line) } as never, program);
    told(program, reason);
    expect(logged).toEqual([{ event: 'unawaited_statement_failed', err: reason }]);
  });

  it('a bug still ends the program', () => {
    const program = new EventEmitter();
    surviveUnawaited({ warn: () => undefined } as never, program);
    expect(() => told(program, new TypeError('undefined is not a function'))).toThrow('undefined is not a function');
  });

  it('a stopped server listens no more', () => {
    const program = new EventEmitter();
    surviveUnawaited({ warn: () => undefined } as never, program)();
    expect(program.listenerCount('unhandledRejection')).toBe(0);
  });
});
