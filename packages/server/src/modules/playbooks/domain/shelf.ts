import cosmeticsChain from '../documents/a-cosmetics-chain.json' with { type: 'json' };
import brandOnMarketplaces from '../documents/b-brand-on-marketplaces.json' with { type: 'json' };
import bookPublisher from '../documents/c-book-publisher.json' with { type: 'json' };
import hookahChain from '../documents/d-hookah-chain.json' with { type: 'json' };
import twoSmallTowns from '../documents/e-two-small-towns.json' with { type: 'json' };
import { type Playbook, readPlaybook } from './playbook.ts';

/** Every playbook there is, in the order a list shows them. */
export const playbooks: readonly Playbook[] = [
  cosmeticsChain,
  brandOnMarketplaces,
  bookPublisher,
  hookahChain,
  twoSmallTowns,
].map(readPlaybook);

export function findPlaybook(code: string): Playbook | null {
  return playbooks.find((playbook) => playbook.code === code) ?? null;
}
