import type { Tx } from '#platform/db.ts';
import type { HeldIdentity } from '../domain/identity.ts';
import type { Member, MemberId, Profile } from '../domain/member.ts';
import { searchLine } from '../domain/search-text.ts';
import { listIdentities } from '../store/identities.ts';
import { findAliases, findMembers } from '../store/members.ts';
import { writeSearchLines } from '../store/search.ts';

type Names = Pick<Profile, 'firstName' | 'lastName' | 'patronymic'>;

/** Cards and accounts are looked up whole, so they are not here. */
export function lineOf(names: readonly Names[], identities: readonly Pick<HeldIdentity, 'kind' | 'value'>[]): string {
  const found = identities.filter(({ kind }) => kind === 'phone' || kind === 'email');
  return searchLine([
    ...names.flatMap((name) => [name.lastName, name.firstName, name.patronymic]),
    ...found.map(({ value }) => value.replace(/^\+/, '')),
  ]);
}

/** After a change of names or identities. A survivor is found by the names of those merged into it, too. */
export async function rewriteSearchLine(tx: Tx, memberId: MemberId): Promise<void> {
  const family = [memberId, ...(await findAliases(tx, memberId))];
  const [members, identities] = await Promise.all([findMembers(tx, family), listIdentities(tx, [memberId])]);
  const survivorFirst = (a: Member) => (a.memberId === memberId ? -1 : 1);
  await writeSearchLines(tx, [{ memberId, words: lineOf([...members].sort(survivorFirst), identities) }]);
}
