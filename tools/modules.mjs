// Who may call whom, lowest first: the table of ARCHITECTURE.md as data. `.dependency-cruiser.mjs` makes import rules of it.
// A module calls others through their doors (`index.ts`) only. Every module may call `access` as well.

/** @type {Record<string, string[]>} */
export const modules = {
  access: [],
  members: [],
  catalog: [],
  standing: [],
  ledger: ['standing'],
  program: ['catalog'],
  promotions: ['program'],
  tiers: ['program', 'standing'],
  giftcards: [],
  segments: ['members', 'standing'],
  checkout: ['program', 'promotions', 'tiers', 'giftcards', 'segments', 'ledger', 'standing', 'catalog', 'members'],
  fiscal: ['checkout', 'catalog', 'members'],
  channels: ['members'],
  tracking: ['members', 'catalog'],
  campaigns: ['segments', 'channels', 'promotions', 'tiers', 'ledger', 'members', 'catalog', 'tracking'],
  referral: ['promotions', 'ledger', 'members'],
  engagement: ['promotions', 'ledger', 'members', 'catalog'],
  webhooks: [],
  bots: [
    'members',
    'standing',
    'ledger',
    'program',
    'tiers',
    'promotions',
    'giftcards',
    'checkout',
    'fiscal',
    'catalog',
    'referral',
    'engagement',
    'channels',
  ],
  gateways: [
    'members',
    'standing',
    'ledger',
    'program',
    'tiers',
    'promotions',
    'giftcards',
    'checkout',
    'fiscal',
    'catalog',
    'referral',
    'engagement',
    'channels',
  ],
  imports: ['members', 'catalog', 'checkout', 'ledger', 'standing', 'promotions', 'giftcards', 'tiers'],
  playbooks: ['program', 'segments', 'campaigns', 'channels'],
};

// Screens that span modules read through every door above them.
modules['desk'] = Object.keys(modules);
// Reports know no module: they read the views that modules publish in the schema `report`.
modules['analytics'] = [];
