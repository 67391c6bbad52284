/** What people write where a secret should be; in lower case. One in a million random secrets has one by chance. */
const PLACEHOLDERS = [
  'change',
  'secret',
  'passw',
  'default',
  'example',
  'replace',
  'placeholder',
  'tilldock',
  'insert',
  'qwerty',
];
const LEAST_DISTINCT = 8;
const LONGEST_PATTERN = 16;

/**
 * Whether a secret was thought up and not drawn: it has a word that stands for one, few different characters, or
 * repeats itself. What random bytes look like in base64 or hexadecimal passes.
 */
export const isInvented = (secret: string): boolean =>
  PLACEHOLDERS.some((word) => secret.toLowerCase().includes(word)) ||
  new Set(secret).size < LEAST_DISTINCT ||
  Array.from({ length: LONGEST_PATTERN }, (_, index) => index + 1).some(
    (period) => secret.slice(period) === secret.slice(0, -period),
  );
