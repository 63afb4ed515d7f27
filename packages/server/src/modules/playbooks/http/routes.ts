import * as contract from '@kopilka/contract/playbooks';
import { done } from '#kernel/outcome.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import type { Playbook } from '../domain/playbook.ts';
import { installPlaybook, listPlaybooks, type PlaybooksDeps, readPlaybook } from '../service/install.ts';

export function playbookRoutes(deps: PlaybooksDeps): MountedRoute[] {
  return [
    handler(contract.listPlaybooks, () => done({ items: listPlaybooks().map(presentHead) })),
    handler(contract.readPlaybook, ({ params }) => {
      const found = readPlaybook(params.code);
      return found.ok ? done({ ...presentHead(found.value), program: found.value.program }) : found;
    }),
    handler(contract.installPlaybook, async ({ params, body, caller, now }) => {
      const installed = await installPlaybook(deps, { code: params.code, replace: body.replace, caller, now });
      if (!installed.ok) return installed;
      const { playbook, draft, problems, changes } = installed.value;
      return done({
        playbook: playbook.code,
        revision: draft.revision,
        problems: [...problems],
        changes: [...changes],
      });
    }),
  ];
}

function presentHead({ code, title, about, ours }: Playbook) {
  return { code, title, about, ours: [...ours] };
}
