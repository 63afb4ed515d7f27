import type { Explanation } from '../quote-result.ts';
import type { Worksheet } from '../worksheet.ts';

/** One step of R12. It works on what the last one left, and says so. */
export type Step = (sheet: Worksheet) => void;

export function say(
  sheet: Worksheet,
  said: Omit<Explanation, 'rule' | 'lineId'> & { rule?: string; lineId?: string },
): void {
  sheet.explain?.({ rule: null, lineId: null, ...said });
}
