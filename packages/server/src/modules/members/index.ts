export type { CardState } from './domain/card.ts';
export {
  type ConsentChannel,
  type ConsentEntry,
  type ConsentPurpose,
  currentConsents,
  isAllowed,
} from './domain/consent.ts';
export type { FieldDefinition, FieldValues } from './domain/fields.ts';
export {
  guessIdentities,
  type Identity,
  type IdentityKind,
  type IdentityReading,
  type ReadingRules,
  readIdentity,
} from './domain/identity.ts';
export type { Gender, Member, MemberId, MemberStatus } from './domain/member.ts';
export type { ProfileChanges } from './domain/profile.ts';
export type { ConsentWord, IdentityDraft } from './domain/registration.ts';
export { recordConsents } from './service/consents.ts';
export type { MemberHooks, MemberSettings, MembersDeps } from './service/deps.ts';
export { eraseMember, exportMember } from './service/erase.ts';
export { familyOf, lockLiving, resolveMember } from './service/living.ts';
export { mergeMembers, unmergeMembers } from './service/merge.ts';
export { membersPart } from './service/part.ts';
export {
  type RegisterCommand,
  type RegisterDeps,
  type RegisterOutcome,
  type RegisterRefusal,
  registerMember,
  registerMembers,
} from './service/register.ts';
export { searchMembers } from './service/search.ts';
export { phoneHash } from './service/secrets.ts';
export { blockMember, unblockMember } from './service/update.ts';
export { listMembers, type MemberSummary, type MemberView, viewByIdentity, viewMember } from './service/view.ts';
export { welcomeOnce } from './service/welcome.ts';
export { listConsents } from './store/consents.ts';
export { listFields } from './store/fields.ts';
export { findMemberIdByIdentity, findOwnersOf, type Ownership } from './store/identities.ts';
export { findMember, findMembers, loadMemberForCheckout, type MemberForCheckout } from './store/members.ts';
