import { z } from 'zod';

/** Writes an answer as JSON, checked against its contract: codecs encode, keys that are not named stay inside. Throws on a wrong answer: a bug. */
export type WriteAnswer = (value: unknown) => string;

export function answerWriter(schema: z.ZodType): WriteAnswer {
  return (value) => JSON.stringify(z.encode(schema, value));
}
