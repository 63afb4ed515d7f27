import type { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';

/**
 * One thing a segment may ask about a member, in one file: its code, typed arguments, its sentence, the question over all members in SQL and the
 * same question about one member without any. `Facts` is what the pure side reads.
 */
export interface MemberField<Facts, Args> {
  readonly code: string;
  readonly args: z.ZodType<Args>;
  /** For people; `{name}` stands for an argument. */
  readonly sentence: { readonly ru: string; readonly en: string };
  /** True: a purchase has loaded what `holds` reads, so the program's conditions may ask it. */
  readonly inQuote: boolean;
  holds(args: Args, facts: Facts, moment: FieldMoment): boolean;
  /** A boolean expression over `m` (report.member) and `s` (report.standing), never null. */
  sql(args: Args, moment: FieldMoment, bind: Bind): string;
}

export interface FieldMoment {
  readonly now: Temporal.Instant;
  /** The installation's zone, for members without their own (R3). */
  readonly zone: string;
}

/** Hands a value to the statement and answers its place, such as $3. Values never become text of a statement. */
export type Bind = (
  value: unknown,
  type: 'int' | 'bigint' | 'text' | 'text[]' | 'uuid[]' | 'date' | 'timestamptz' | 'jsonb',
) => string;

/** A field whose arguments' type is its own business: what a registry holds. */
export interface AnyMemberField<Facts> {
  readonly code: string;
  readonly sentence: { readonly ru: string; readonly en: string };
  readonly inQuote: boolean;
  readonly args: z.ZodType;
  /** Arguments checked once, both sides ready to be asked. null with the problems when they are wrong. */
  prepare(args: unknown): PreparedField<Facts> | { readonly problems: readonly FieldProblem[] };
}

export interface PreparedField<Facts> {
  readonly holds: (facts: Facts, moment: FieldMoment) => boolean;
  readonly sql: (moment: FieldMoment, bind: Bind) => string;
}

export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export function memberField<Facts, Args>(field: MemberField<Facts, Args>): AnyMemberField<Facts> {
  return {
    code: field.code,
    sentence: field.sentence,
    inQuote: field.inQuote,
    args: field.args,
    prepare: (input) => {
      const parsed = field.args.safeParse(input);
      if (!parsed.success) {
        return { problems: parsed.error.issues.map(({ path, message }) => ({ path: path.map(pathPart), message })) };
      }
      const args = parsed.data;
      return {
        holds: (facts, moment) => field.holds(args, facts, moment),
        sql: (moment, bind) => field.sql(args, moment, bind),
      };
    },
  };
}

function pathPart(part: PropertyKey): string | number {
  return typeof part === 'symbol' ? String(part) : part;
}
