export * from './members/cards.ts';
export * from './members/consents.ts';
export * from './members/facts.ts';
export * from './members/identities.ts';
export * from './members/member.ts';
export * from './members/merging.ts';
export * from './members/person.ts';
export * from './members/routes.ts';
