import { z } from 'zod';

const localized = z.strictObject({ ru: z.string().min(1), en: z.string().min(1) });

const playbook = z.strictObject({
  code: z.string().regex(/^[a-z0-9-]{1,63}$/),
  title: localized,
  /** What it is for, and what a marketer has to know before installing it. */
  about: localized,
  /** Values the case does not name and we chose: `path` is a JSON pointer into `program`. */
  ours: z.array(z.strictObject({ path: z.string().startsWith('/'), note: localized })),
  /** The program document (GET /v1/program/schema). */
  program: z.looseObject({ format: z.int(), name: z.string() }),
});

/** A ready program: it is installed as a draft and published by a person. */
export type Playbook = z.output<typeof playbook>;

export function readPlaybook(json: unknown): Playbook {
  return playbook.parse(json);
}
