import { done } from '#kernel/outcome.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import { dropBefore, listTouchedBy } from '../store/member-traces.ts';

/** Which imports made or changed a person; what they were before is personal data and goes with an erasure, and with it the way back. */
export const importsPart: MemberPart = {
  module: 'imports',
  tables: ['imports.touched', 'imports.made'],
  exportData: async (db, memberIds) => ({ imports: await listTouchedBy(db, memberIds) }),
  erase: async (tx, memberId) => {
    await dropBefore(tx, memberId);
    return done(null);
  },
  // The rows stay with who they are about: a merged member's revision has moved, so no undo touches either of the two.
  merge: async () => ({}),
  unmerge: async () => undefined,
};
