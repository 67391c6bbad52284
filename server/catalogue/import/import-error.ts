/**
 * Why an import cannot begin or go on, in one sentence for whoever ran it. `usage`: asked for wrongly, nothing was
 * done; `source`: the file itself is unreadable from some line on, and the rows before it were taken.
 */
export class ImportError extends Error {
  readonly kind: 'usage' | 'source';
  constructor(kind: 'usage' | 'source', message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
