/** A piece of a letter: a paragraph, or a code that stands alone on its line, to be copied. */
type Part = string | { readonly code: string };

/** A mail to one person. Names may hold anything; `oneLine` made them harmless. */
export type Letter = {
  readonly to: string;
  readonly subject: string;
  readonly parts: readonly Part[];
};

/**
 * A name as it may stand in a subject or a sentence: no line breaks, no control characters, nothing that turns the
 * direction of what follows, not endless.
 */
export function oneLine(name: string): string {
  const line = name
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= LONGEST ? line : `${characters.slice(0, LONGEST - 1).join('')}…`;
}
const LONGEST = 100;

/** The letter as plain text. */
export const letterText = ({ parts }: Letter): string =>
  `${parts.map((part) => (typeof part === 'string' ? part : part.code)).join('\n\n')}\n`;

/** The same letter as HTML, without pictures, links or styles from elsewhere. */
export const letterHtml = ({ parts }: Letter): string =>
  `<!doctype html><html lang="en"><body style="font-family: sans-serif; line-height: 1.5">${parts
    .map((part) =>
      typeof part === 'string'
        ? `<p>${escaped(part)}</p>`
        : `<p style="font-family: monospace; font-size: larger; word-break: break-all">${escaped(part.code)}</p>`,
    )
    .join('\n')}</body></html>\n`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
