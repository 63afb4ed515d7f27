import { type CliContext, CliRefusal, type CliVerb } from '#platform/cli.ts';
import type { AuditProblem } from '../domain/audit.ts';
import { audit } from '../service/audit.ts';

const printedMax = 1_000;

/** kopilka audit */
export const auditVerb: CliVerb = {
  register: (program, context) => {
    program
      .command('audit')
      .description('recompute every balance from its entries and report each difference; exit code 1 when there is one')
      .addHelpText('after', '\nReads only, chunk by chunk: tills go on meanwhile.\n\nExample:\n  kopilka audit --json')
      .action(() => runAudit(context));
  },
};

async function runAudit(context: CliContext): Promise<void> {
  const { db } = await context.foundation();
  const found: AuditProblem[] = [];
  const progress = context.progress('members', 0);
  const report = await audit(db, {
    onProblem: (problem) => {
      // A broken database must not fill the memory: the count goes on, the list does not.
      if (found.length < printedMax) found.push(problem);
    },
    onProgress: (members) => progress.advance(members),
    signal: context.signal,
  });
  progress.done();
  const counted = `${report.members} members, ${report.lots} lots, ${report.entries} entries`;
  context.out.answer({ ...report, found }, (out) => {
    out.line(`${counted}: ${report.problems === 0 ? 'everything adds up' : `${report.problems} differences`}`);
    if (found.length === 0) return;
    const rows = found.map((problem) => [
      problem.memberId,
      problem.code,
      problem.subject,
      problem.stored,
      problem.recomputed,
    ]);
    out.table(['member', 'what', 'of', 'stored', 'recomputed'], rows);
  });
  if (report.problems > 0)
    throw new CliRefusal({ code: 'audit_found_differences' }, `${report.problems} differences found`);
}
