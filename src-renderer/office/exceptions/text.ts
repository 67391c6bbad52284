import type { DeskAction, TroubleKind } from '#shared/sync/exception.ts';

/** The words of the office’s repair desk. */
export const exceptionsText = {
  title: 'Exceptions',
  detail: 'What the server took in and flagged, or set aside. Nothing is lost; somebody must look at it.',
  search: 'Search by receipt, till, person or cause',
  empty: 'Nothing to look at',
  emptyDetail: 'Whatever the server finds odd in what tills deliver appears here.',
  openCount: (count: string) => `${count} open`,
  // columns
  what: 'What happened',
  which: 'Receipt and amount',
  where: 'Where',
  who: 'Who',
  whoAndWhen: 'Who and when',
  state: 'State',
  till: (code: string, name: string) => `${code} ${name}`,
  // filters
  states: { open: 'Open', settled: 'Settled' },
  kind: 'Kind',
  cause: 'Cause',
  location: 'Location',
  terminal: 'Till',
  // one of them
  operation: 'What it is',
  approver: 'Approved by',
  happened: 'Happened',
  arrived: 'Arrived',
  unreadable: 'Not known',
  technical: 'Technical details',
  code: 'Code',
  serverNoted: 'The server noted',
  operationId: 'Number of the operation',
  place: 'Place in the till’s records',
  placeOf: (epoch: number, seq: number) => `epoch ${epoch}, operation ${seq}`,
  verbatim: 'The operation as it came',
  noOperation: 'No operation stands behind this.',
  // deciding
  whatNow: 'What is to be done?',
  actions: {
    accept: 'Leave it as it is',
    correct: 'Something was posted that makes up for it',
    replay: 'Apply it again',
    reopen: 'Open it again',
  } satisfies Readonly<Record<DeskAction, string>>,
  /** What each comes to for what counts, and for what was set aside. */
  hints: {
    flagged: {
      accept: 'It goes on counting. Say why that is right.',
      correct: 'It goes on counting, and so does the correction. Name the receipt of the correction.',
      replay: 'After a repair, the server tries once more. What waits because of it is applied with it.',
      reopen: 'The decision no longer holds, and this is open again. What counts goes on counting.',
    },
    quarantined: {
      accept: 'It stays out of the books. Say why that is right.',
      correct:
        'It stays out of the books; the correction takes its place. Name the receipt of the correction.',
      replay: 'After a repair, the server tries once more. What waits because of it is applied with it.',
      reopen: 'The decision no longer holds, and this is open again.',
    },
  } satisfies Readonly<Record<TroubleKind, Readonly<Record<DeskAction, string>>>>,
  do: {
    accept: 'Accept as it is',
    correct: 'Accept as corrected',
    replay: 'Apply again',
    reopen: 'Open again',
  } satisfies Readonly<Record<DeskAction, string>>,
  note: 'Note',
  noteHint: 'For whoever asks later. It cannot be changed afterwards.',
  receipt: 'Receipt of the correction',
  receiptHint: 'As it is printed, such as SHOP1-T1-T-000012.',
  reopenThis: 'Open it again…',
  done: {
    accept: (what: string) => `Accepted: ${what}`,
    correct: (what: string) => `Corrected: ${what}`,
    replay: (what: string) => `Applied again: ${what}`,
    reopen: (what: string) => `Open again: ${what}`,
  } satisfies Readonly<Record<DeskAction, (what: string) => string>>,
  stillAside: 'It is still set aside',
  stillAsideDetail: 'The server tried once more and could not apply it. The attempt is noted below.',
  // all at once
  replayAll: 'Apply again…',
  replayAllTitle: 'Apply everything again that may have been repaired?',
  replayAllPoints: [
    'Whatever is set aside and open is tried once more, in the order in which it happened.',
    'What works from now on counts, once. What still does not work stays set aside.',
    'The note stands at each of them.',
  ],
  replayAllDo: 'Apply again',
  replaying: 'Applying again. This may take a while; it goes on if you close this.',
  replayed: (applied: string, left: string) => `${applied} applied, ${left} still set aside`,
  replayedTitle: 'That is done',
} as const;
