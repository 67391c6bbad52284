import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Finding } from './finding.ts';

/** Longest value that is repeated in the file; what is cut ends in an ellipsis. */
const SHOWN_VALUE = 200;
/** Without it a spreadsheet takes the file for Windows-1252. */
const BYTE_ORDER_MARK = '\ufeff';

/** A CSV file of findings, for a spreadsheet. */
export type FindingFile = {
  readonly write: (findings: readonly Finding[]) => Promise<void>;
  /** Nothing was found so far, and there is no file. */
  readonly isEmpty: () => boolean;
  readonly close: () => Promise<void>;
};

/** Opens the file of this run's findings. It is made with the first finding; the one of a run before is removed. */
export async function openFindingFile(path: string): Promise<FindingFile> {
  await rm(path, { force: true });
  let file: FileHandle | undefined;
  return {
    write: async (findings) => {
      if (findings.length === 0) return;
      if (!file) {
        file = await open(path, 'w');
        await file.appendFile(`${BYTE_ORDER_MARK}line,kind,column,value,reason\r\n`);
      }
      await file.appendFile(findings.map(lineOf).join(''));
    },
    isEmpty: () => file === undefined,
    close: async () => file?.close(),
  };
}

const lineOf = ({ line, kind, column, value, reason }: Finding): string =>
  `${line},${kind},${[column, shortened(value), reason].map(csvCell).join(',')}\r\n`;

const shortened = (value: string): string =>
  value.length > SHOWN_VALUE ? `${value.slice(0, SHOWN_VALUE).toWellFormed()}…` : value;

/**
 * A cell that a spreadsheet shows and never calculates: what begins like a formula gets an apostrophe (OWASP, CSV
 * injection).
 */
export function csvCell(text: string): string {
  const shown = /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
  return `"${shown.replaceAll('"', '""')}"`;
}
