/** How strongly a row of a receipt stands out. Renderers without sizes or weights may ignore it. */
export type Emphasis = 'normal' | 'strong' | 'large';

/**
 * One row of a printed receipt or report, for any renderer: paper, screen, PDF, plain text. Columns are a label
 * with one or two figures; the label may wrap, the figures stand at the right.
 */
export type ReceiptRow =
  | { kind: 'text'; text: string; align: 'left' | 'center'; emphasis: Emphasis }
  | {
      kind: 'columns';
      cells: readonly [string, string] | readonly [string, string, string];
      emphasis: Emphasis;
    }
  | { kind: 'rule' }
  | { kind: 'qr'; content: string };

/** A line of words at the left margin. */
export const words = (text: string, emphasis: Emphasis = 'normal'): ReceiptRow => ({
  kind: 'text',
  text: printable(text),
  align: 'left',
  emphasis,
});

/** A line of words in the middle. */
export const heading = (text: string, emphasis: Emphasis = 'normal'): ReceiptRow => ({
  kind: 'text',
  text: printable(text),
  align: 'center',
  emphasis,
});

/** A label and what belongs to it. */
export const pair = (label: string, figure: string, emphasis: Emphasis = 'normal'): ReceiptRow => ({
  kind: 'columns',
  cells: [printable(label), printable(figure)],
  emphasis,
});

/** A label and two figures: the rows of a small table. */
export const triple = (
  label: string,
  first: string,
  second: string,
  emphasis: Emphasis = 'normal',
): ReceiptRow => ({
  kind: 'columns',
  cells: [printable(label), printable(first), printable(second)],
  emphasis,
});

export const RULE: ReceiptRow = { kind: 'rule' };

/**
 * Text without control characters, which would command a printer or a terminal: line breaks and tabs become
 * spaces, any other one becomes the replacement character, so that it is seen to have been there.
 */
const printable = (text: string): string =>
  text.replace(/[\t\n\v\f\r\u2028\u2029]/g, ' ').replace(/\p{Cc}/gu, '\ufffd');
