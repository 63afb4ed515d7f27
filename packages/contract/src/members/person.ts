import { z } from 'zod';
import { route } from '../route.ts';
import { instantText, uuid } from '../wire.ts';
import { livingRefusals, memberParams } from './identities.ts';

export const exportMember = route({
  method: 'POST',
  path: '/v1/members/:memberId/export',
  tag: 'members',
  summary: 'Everything known about a person, as one document',
  description:
    'Every module’s data under its name, of the member and of those merged into it. Who asked is written to the audit log.',
  scope: 'members:write',
  params: memberParams,
  response: z.object({
    member_id: uuid,
    member_ids: z.array(uuid),
    made_at: instantText,
    modules: z.record(z.string(), z.unknown()),
  }),
  refusals: { member_not_found: 404 },
});

export const eraseMember = route({
  method: 'POST',
  path: '/v1/members/:memberId/erase',
  tag: 'members',
  summary: 'Erase a person; cannot be undone',
  description:
    'Personal data and identities go, points burn, debts are forgiven; the ledger’s sums and the proofs of consent stay. ' +
    'Refused with erasure_waits while a module has unfinished business such as an open order.',
  scope: 'members:write',
  params: memberParams,
  body: z.object({ confirm: z.literal(true).meta({ description: 'erasing is for ever' }) }),
  response: z.null(),
  status: 204,
  refusals: { ...livingRefusals, erasure_waits: 409 },
});
