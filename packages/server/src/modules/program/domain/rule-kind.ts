import type { z } from 'zod';
import type { EarningSheet } from './earning-sheet.ts';
import type { LineFacts, Scene, WorkLine, Worksheet } from './worksheet.ts';

export interface InBothLanguages {
  readonly ru: string;
  readonly en: string;
}

/** Arguments of a sentence: numbers and short texts, never objects. */
export type SentenceArgs = Readonly<Record<string, string | number>>;

/** A rule as the document writes it: its kind and its own arguments. */
export interface RuleArgs {
  readonly kind: string;
  readonly [argument: string]: unknown;
}

/** What a kind may know when a program is compiled. */
export interface Preparation {
  readonly pointValue: bigint;
  readonly promotionsBase: 'left' | 'shelf';
}

/**
 * A condition ready to be asked. `scene` ones depend on who, where and when; `cart` ones on the receipt (off in a catalog calculation, R17);
 * `lines` ones choose what the effects act on.
 */
export type PreparedCondition = { readonly args: SentenceArgs } & (
  | { readonly reach: 'scene'; readonly holds: (scene: Scene) => boolean }
  | { readonly reach: 'cart'; readonly holds: (sheet: Worksheet) => boolean }
  | {
      readonly reach: 'lines';
      readonly chooses: (line: LineFacts & Pick<WorkLine, 'kind' | 'product' | 'quantity' | 'shelf'>) => boolean;
    }
);

/** One kind of condition (R16): code, typed arguments that also describe a form, a pure function, sentences. */
export interface ConditionKind {
  readonly code: string;
  readonly label: InBothLanguages;
  readonly schema: z.ZodObject;
  readonly prepare: (args: RuleArgs, preparation: Preparation) => PreparedCondition;
  /** What it asks for. */
  readonly sentence: InBothLanguages;
  /** Why a promotion did not apply. */
  readonly unmet: InBothLanguages;
}

/** What a price effect works on: chosen lines and what percents are taken of. */
export interface PriceTarget {
  readonly sheet: Worksheet;
  readonly lines: readonly WorkLine[];
  /** What a percent is taken of: the price that is left, the shelf's, or the price at the start of a sum group (R12). */
  readonly baseOf: (line: WorkLine) => bigint;
  /** Percents of the same sum group that have been taken of a line already. */
  readonly rateBefore: (line: WorkLine) => bigint;
}

export interface EarningTarget {
  readonly sheet: EarningSheet;
  readonly promotionIndex: number;
  readonly lines: readonly WorkLine[];
}

/** An effect ready to act. */
export type PreparedEffect = { readonly args: SentenceArgs } & (
  | {
      readonly phase: 'price';
      /** What it would take off each of the target's lines, before floors and ceilings. */
      readonly takesOff: (target: PriceTarget) => bigint[];
      /** Of percents that add up in a sum group. */
      readonly rate?: bigint;
      /** Acts on one piece of this product, wherever it stands; `add`: puts it in when it is not there. */
      readonly gift?: { readonly sku: string; readonly add: boolean };
    }
  | { readonly phase: 'redeeming'; readonly act: (lines: readonly WorkLine[]) => boolean }
  | { readonly phase: 'earning'; readonly forbids: true }
  | { readonly phase: 'earning'; readonly multiplies: boolean; readonly contribute: (target: EarningTarget) => boolean }
  | { readonly phase: 'next_code'; readonly promotionCode: string; readonly days: number | null }
);

export interface EffectKind {
  readonly code: string;
  readonly label: InBothLanguages;
  readonly schema: z.ZodObject;
  readonly prepare: (args: RuleArgs, preparation: Preparation) => PreparedEffect;
  readonly sentence: InBothLanguages;
}

interface Typed<Schema extends z.ZodObject, Prepared> {
  readonly code: string;
  readonly label: InBothLanguages;
  readonly schema: Schema;
  readonly prepare: (args: z.output<Schema>, preparation: Preparation) => Prepared;
  readonly sentence: InBothLanguages;
}

/** Types the arguments inside a kind's file and forgets them outside: the list of kinds has one type. */
export function conditionKind<Schema extends z.ZodObject>(
  kind: Typed<Schema, PreparedCondition> & { readonly unmet: InBothLanguages },
): ConditionKind {
  return kind as unknown as ConditionKind;
}

export function effectKind<Schema extends z.ZodObject>(kind: Typed<Schema, PreparedEffect>): EffectKind {
  return kind as unknown as EffectKind;
}
