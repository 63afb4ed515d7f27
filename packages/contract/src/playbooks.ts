import { z } from 'zod';
import { programProblem } from './program.ts';
import { route } from './route.ts';
import { code, localized } from './wire.ts';

const playbookHead = z.object({
  code,
  title: localized,
  about: localized.meta({ description: 'what it is for, and what to know before installing it' }),
  ours: z
    .array(z.object({ path: z.string().meta({ description: 'JSON pointer into the program' }), note: localized }))
    .meta({ description: 'values that the real business does not name and we chose: look at them first' }),
});

const tag = 'playbooks';
const codeParams = z.object({ code });
const playbookNotFound = { playbook_not_found: 404 } as const;

export const listPlaybooks = route({
  method: 'GET',
  path: '/v1/playbooks',
  tag,
  summary: 'Ready programs of real businesses',
  scope: 'program:read',
  response: z.object({ items: z.array(playbookHead) }),
  refusals: {},
});

export const readPlaybook = route({
  method: 'GET',
  path: '/v1/playbooks/:code',
  tag,
  summary: 'One playbook with its program document',
  scope: 'program:read',
  params: codeParams,
  response: playbookHead.extend({ program: z.record(z.string(), z.unknown()) }).meta({ id: 'Playbook' }),
  refusals: playbookNotFound,
});

export const installPlaybook = route({
  method: 'POST',
  path: '/v1/playbooks/:code/install',
  tag,
  summary: 'Make the draft of a playbook',
  description: 'Nothing is published: the draft is looked at, changed and published as any other.',
  scope: 'program:write',
  params: codeParams,
  body: z.object({
    replace: z.boolean().default(false).meta({ description: 'also when there is a draft already: it is lost' }),
  }),
  response: z.object({
    playbook: code,
    revision: z.int().meta({ description: 'of the draft' }),
    problems: z.array(programProblem),
    changes: z.array(localized).meta({ description: 'what publishing it would change' }),
  }),
  status: 201,
  refusals: { ...playbookNotFound, draft_exists: 409 },
});
