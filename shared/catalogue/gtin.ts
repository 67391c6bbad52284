/** GTIN-8, -12 (UPC-A), -13 (EAN-13) or -14, by length alone. */
const GTIN = /^(\d{8}|\d{12,14})$/;

/** The GS1 check digit of a GTIN's other digits: weights 3 and 1 from the right (GS1 General Specifications 7.9). */
export function gtinCheckDigit(digits: string): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const weight = (digits.length - index) % 2 === 1 ? 3 : 1;
    sum += weight * Number(digits[index]);
  }
  return (10 - (sum % 10)) % 10;
}

/**
 * What kind of code this is. A code shaped like a GTIN whose check digit is wrong is still sold by, because
 * shops have such labels, but an import says so.
 */
export function barcodeKind(code: string): 'gtin' | 'gtin_bad_check_digit' | 'other' {
  if (!GTIN.test(code)) return 'other';
  return gtinCheckDigit(code.slice(0, -1)) === Number(code.slice(-1)) ? 'gtin' : 'gtin_bad_check_digit';
}

/**
 * The spellings under which a scanned code may stand in a catalogue, the scanned one first: scanners send a
 * UPC-A with or without the zero that makes it an EAN-13.
 */
export function barcodeSpellings(code: string): string[] {
  if (/^\d{12}$/.test(code)) return [code, `0${code}`];
  if (/^0\d{12}$/.test(code)) return [code, code.slice(1)];
  return [code];
}
