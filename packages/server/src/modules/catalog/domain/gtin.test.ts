import { expect, it } from 'vitest';
import { gtinOfMarking, keptCode, normaliseGtin, scannedCode } from './gtin.ts';

it.each([
  ['4006381333931', '04006381333931'],
  ['73513537', '00000073513537'],
  ['036000291452', '00036000291452'],
  ['10614141000415', '10614141000415'],
  [' 4006381333931 ', '04006381333931'],
  ['4006381333932', null],
  ['400638133393', null],
  ['12345', null],
  ['0000000000000', null],
  ['４００６３８１３３３９３１', null],
])('GTIN of %j is %j', (text, gtin) => {
  expect(normaliseGtin(text)).toBe(gtin);
});

it.each([
  ['010400638133393121abc\u001d91EE', '04006381333931'],
  [']d2010400638133393121abc', '04006381333931'],
  ['\u001d010400638133393121abc', '04006381333931'],
  ['(01)04006381333931(21)abc', '04006381333931'],
  // A pack of cigarettes: GTIN, serial, price, check, no identifiers.
  ['04006381333931-Abcdef7MRP1CHK', '04006381333931'],
  ['010400638133393221abc', null],
  ['9104006381333931', null],
])('a mark %j says %j', (text, gtin) => {
  expect(gtinOfMarking(text)).toBe(gtin);
});

it('keeps a barcode that is a GTIN as one, another as it is', () => {
  expect(keptCode({ kind: 'barcode', value: '4006381333931' })).toEqual({ kind: 'gtin', value: '04006381333931' });
  expect(keptCode({ kind: 'barcode', value: 'A-17' })).toEqual({ kind: 'barcode', value: 'A-17' });
  expect(keptCode({ kind: 'gtin', value: 'A-17' })).toBeNull();
  expect(scannedCode('010400638133393121x')).toEqual({ kind: 'gtin', value: '04006381333931' });
});
