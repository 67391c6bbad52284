import type { RecoveryState } from '#shared/contract/recovery.ts';

/** So many of them, in words. */
type Counted = (count: string, number: number) => string;

const sales: Counted = (count, number) => (number === 1 ? 'One sale' : `${count} sales`);

/** The words for a till whose ledger cannot be opened. */
export const recoveryText = {
  standing: {
    ledger_damaged: {
      title: 'The records of this till are damaged',
      lead: 'Nothing can be sold here until the till has sound records again, so that no sale is lost or counted twice. You can see to it here, in a few minutes; the damaged file is kept.',
    },
    ledger_too_new: {
      title: 'This till needs a newer Tilldock',
      lead: 'Nothing is damaged and nothing is lost: a newer version of Tilldock made the records of this till. Install that version again, and sell at another till until then.',
    },
    ledger_in_use: {
      title: 'Another Tilldock is running here',
      lead: 'Nothing is damaged and nothing is lost: the records of this till are in use by another Tilldock, and two must not sell at once. Use that one, or end it; this one then goes on by itself.',
    },
    disk_failed: {
      title: 'The disk of this till does not answer',
      lead: 'The records of this till cannot be reached, and nothing was changed. See that the disk is connected, has room and may be written to, and start Tilldock again.',
    },
  } satisfies Record<RecoveryState['code'], { title: string; lead: string }>,
  asking: 'The till is looking at its files…',
  // what can be read
  salvage: 'What can still be read',
  reading: 'Reading the damaged file',
  readSoFar: (percent: string) => `${percent} read`,
  cancel: 'Stop reading',
  again: 'Read again',
  missing:
    'There is no file to read: the records are gone from their place. Has a folder or a disk been moved?',
  cancelled: 'Reading was stopped. Without it, what was done after the copy comes back only from the server.',
  failed: 'The disk gives nothing',
  nothing: 'Nothing in the file can be read. What the server has comes back from there.',
  sales: 'Sales',
  salesCount: (count: string, number: number, sum: string) =>
    number === 0 ? 'none' : `${sales(count, number)}, ${sum}`,
  lastReceipt: 'Last receipt',
  lastAt: 'Last done',
  between: 'Lost in between',
  noneBetween: 'nothing',
  lostBetween: (count: string, number: number) =>
    number === 1
      ? 'one thing; it comes back if the server has it'
      : `${count} things; those that the server has come back`,
  // the choices
  choose: 'How should this till go on?',
  ways: 'Ways to go on',
  chooseHint: 'The newest copy is best: everything that can be read and the server has is added to it.',
  waiting: 'Checking the copies…',
  noCopy: 'There is no copy of the records that is good.',
  copy: (made: string, receipt: string | null) =>
    receipt === null
      ? `With the copy of ${made}, without a sale`
      : `With the copy of ${made}, up to receipt ${receipt}`,
  badCopy: (made: string) => `The copy of ${made} cannot be used`,
  readAlone: 'With what can be read: it is everything from the beginning',
  anew: 'As a new machine, with a code from a manager',
  goOn: 'Go on like this',
  goingOn: 'Making the records…',
  waitForReading: 'First the till reads what it can. You can stop that, but then less comes back.',
  look: 'Look again',
  // before it is done
  sure: { anew: 'Begin as a new machine?', copy: 'Put these records in place?' },
  sureDetail:
    'The damaged file stays beside the new one under another name. Nobody needs to sign in for this; the server and a manager hear of it.',
  said: 'What the till says',
  consequences: {
    added: (count: string, number: number) =>
      number === 0
        ? 'What was done after the copy is fetched from the server.'
        : `What could be read, ${sales(count, number).toLowerCase()}, is kept, and the rest is fetched from the server.`,
    unread: 'The damaged file was not read: what was done after the copy and never sent stays in that file.',
    server: 'Selling goes on when the server has said what it knows, so the till needs a connection.',
    carts: 'Tickets that were open or on hold may be gone.',
    code: 'A manager makes a code for this till in the office, under “Terminals”.',
    told: 'What could be read is then sent; nothing is counted twice.',
  },
  keep: 'Not yet',
  done: 'The till has sound records again.',
} as const;
