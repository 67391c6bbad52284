/** What an import has to say about one row of the file. */
export type Finding = {
  /** Rejected: nothing of this row was taken. Warning: it was taken, but should be looked at. */
  readonly kind: 'rejected' | 'warning';
  /** Line of the file at which the row begins; the header is line 1. */
  readonly line: number;
  /** The column as the file's header calls it; empty where the whole row is meant. */
  readonly column: string;
  readonly value: string;
  readonly reason: string;
};
