/** How wide a text is drawn, in whatever unit the paper has. Wider text is never narrower than its parts. */
export type Measure = (text: string) => number;

/**
 * Breaks a text into lines that fit the width, between words where that can be, within a word where it cannot. No
 * character but white space is ever lost, and none is split: accents stay on their letters. A single character
 * wider than the paper stands alone on its line. Spaces at the beginning indent every line.
 */
export function wrapText(text: string, width: number, measure: Measure): string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const joined = line === '' ? `${indent}${word}` : `${line} ${word}`;
    if (measure(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = measure(`${indent}${word}`) <= width ? [`${indent}${word}`] : chop(word, width, measure);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** The characters of a text as people count them: a letter with its accents, an emoji with its modifiers. */
export const characters = (text: string): string[] =>
  ASCII.test(text) ? text.split('') : [...SEGMENTER.segment(text)].map((part) => part.segment);

function chop(word: string, width: number, measure: Measure): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of characters(word)) {
    if (piece !== '' && measure(piece + character) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}

const ASCII = /^[\x20-\x7e]*$/;
const SEGMENTER = new Intl.Segmenter('und', { granularity: 'grapheme' });
