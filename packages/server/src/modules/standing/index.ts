export { assertTrueAt, type BalanceFigures, isTrueAt, nextRevision, withFigures } from './domain/figures.ts';
export type { Standing } from './domain/standing.ts';
export { type StandingHooks, standingHooks } from './service/hooks.ts';
export {
  createStanding,
  createStandings,
  lockFreeStandings,
  lockStanding,
  lockStandings,
  type NewStanding,
  newStanding,
  pageDueMembers,
  pageStandings,
  readInactivityDeadline,
  readStanding,
  readStandings,
  saveStanding,
  saveStandings,
} from './store/standing-store.ts';
