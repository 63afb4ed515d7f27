import type { Template } from '../sentences/format.ts';

/** What is wrong with a document, where, and in whose words. */
export interface ProgramProblem {
  /** JSON pointer: /promotions/3/effects/0/percent. */
  readonly path: string;
  readonly code: string;
  /** A warning does not stop publishing. */
  readonly severity: 'error' | 'warning';
  readonly message: Template;
}

export function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export type Complain = (path: string, code: string, message: Template) => void;

export interface Complaints {
  readonly problems: ProgramProblem[];
  readonly error: Complain;
  readonly warn: Complain;
}

export function complaints(): Complaints {
  const problems: ProgramProblem[] = [];
  const add =
    (severity: ProgramProblem['severity']): Complain =>
    (path, code, message) =>
      void problems.push({ path, code, severity, message });
  return { problems, error: add('error'), warn: add('warning') };
}
