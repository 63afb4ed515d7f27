import * as wire from '@kopilka/contract/catalog-feeds';
import { done } from '#kernel/outcome.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { type FeedDeps, feedProblems, feedRuns, getFeed, listFeeds, putFeed, requestRun } from '../service/feeds.ts';
import { isNumberPlace, isTextPlace, readCursor, writeCursor } from './cursor.ts';
import { actorOf, presentFeed, presentRun } from './present.ts';

export function feedRoutes(deps: FeedDeps): readonly MountedRoute[] {
  return [
    handler(wire.listFeeds, async ({ query }) => {
      const after = readCursor(query.cursor, isTextPlace);
      if (!after.ok) return after;
      const page = await listFeeds(deps.db, { after: after.value, limit: query.limit });
      return done({ items: page.items.map(presentFeed), next_cursor: writeCursor(page.next) });
    }),
    handler(wire.getFeed, async ({ params }) => {
      const answer = await getFeed(deps.db, params.code);
      return answer.ok ? done(presentFeed(answer.value)) : answer;
    }),
    handler(wire.putFeed, async ({ params, body, caller }) => {
      const answer = await putFeed(deps, { ...body, code: params.code }, actorOf(caller));
      return answer.ok ? done(presentFeed(answer.value)) : answer;
    }),
    handler(wire.runFeed, async ({ params, caller }) => {
      const answer = await requestRun(deps, params.code, actorOf(caller));
      return answer.ok ? done(presentFeed(answer.value)) : answer;
    }),
    handler(wire.listFeedRuns, async ({ params }) => {
      const answer = await feedRuns(deps.db, params.code);
      return answer.ok ? done({ items: answer.value.map(presentRun) }) : answer;
    }),
    handler(wire.listFeedProblems, async ({ params, query }) => {
      const after = readCursor(query.cursor, isNumberPlace);
      if (!after.ok) return after;
      const { limit } = query;
      const run = { code: params.code, runId: params.run_id, after: after.value ?? 0, limit: limit + 1 };
      const answer = await feedProblems(deps.db, run);
      if (!answer.ok) return answer;
      const items = answer.value.slice(0, limit).map(({ problemNo, ...rest }) => ({ problem_no: problemNo, ...rest }));
      const next = answer.value.length > limit ? (items.at(-1)?.problem_no ?? null) : null;
      return done({ items, next_cursor: writeCursor(next) });
    }),
  ];
}
