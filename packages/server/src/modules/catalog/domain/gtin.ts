import type { CodeKind, ProductCode } from './product.ts';

/** EAN-8, UPC-A, EAN-13 or GTIN-14 with a right check digit, as 14 digits; null for anything else. */
export function normaliseGtin(text: string): string | null {
  const digits = text.trim();
  if (!/^(?:\d{8}|\d{12,14})$/.test(digits) || /^0+$/.test(digits)) return null;
  const gtin = digits.padStart(14, '0');
  return checkDigit(gtin.slice(0, 13)) === gtin[13] ? gtin : null;
}

function checkDigit(thirteen: string): string {
  let sum = 0;
  for (let place = 0; place < 13; place += 1) sum += Number(thirteen[place]) * (place % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

const groupSeparator = '\u001d';

/**
 * The GTIN of a GS1 DataMatrix ("Честный знак"): application identifier 01, with or without the symbology mark, FNC1 and brackets. Packs of
 * tobacco carry 29 characters that begin with the GTIN and no identifier.
 */
export function gtinOfMarking(text: string): string | null {
  const bare = text
    .trim()
    .replace(/^\]d2/, '')
    .replace(new RegExp(`^(?:${groupSeparator}|\u00e8)`), '');
  const labelled = /^\(01\)(\d{14})/.exec(bare) ?? /^01(\d{14})(?:21|17|11|10|$)/.exec(bare);
  if (labelled?.[1] !== undefined) return normaliseGtin(labelled[1]);
  if (bare.length === 29 && /^\d{14}[!-z]{15}$/.test(bare)) return normaliseGtin(bare.slice(0, 14));
  return null;
}

/** What a scanner or a feed gave, as the code it is looked up by. */
export function scannedCode(text: string): ProductCode {
  const value = text.trim();
  const gtin = normaliseGtin(value) ?? gtinOfMarking(value);
  return gtin === null ? { kind: 'barcode', value } : { kind: 'gtin', value: gtin };
}

/** The code as it is kept; null when it calls itself a GTIN and is none. A barcode that is a GTIN is kept as one. */
export function keptCode(code: { readonly kind: string; readonly value: string }): ProductCode | null {
  if (code.kind === 'gtin') {
    const gtin = normaliseGtin(code.value);
    return gtin === null ? null : { kind: 'gtin', value: gtin };
  }
  if (code.kind === 'barcode') return scannedCode(code.value);
  return { kind: code.kind as CodeKind, value: code.value.trim() };
}
