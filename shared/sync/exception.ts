import { z } from 'zod';
import { exceptionCodeSchema, quarantineCodeSchema } from './push.ts';

/** Everything that somebody may have to look at: why an operation was flagged, or why it was set aside. */
export const troubleCodeSchema = z.enum([...exceptionCodeSchema.options, ...quarantineCodeSchema.options]);
export type TroubleCode = z.infer<typeof troubleCodeSchema>;

/** `flagged`: it counts, and somebody must look at it. `quarantined`: it is kept, and does not count. */
export const troubleKindSchema = z.enum(['flagged', 'quarantined']);
export type TroubleKind = z.infer<typeof troubleKindSchema>;

/** What a trouble is about, for people who look for theirs. */
export const troubleSubjectSchema = z.enum([
  'money',
  'stock',
  'people',
  'place',
  'clock',
  'copies',
  'program',
]);
type TroubleSubject = z.infer<typeof troubleSubjectSchema>;

/**
 * What a manager may do about it. `accept`: it stays as it is. `correct`: something was posted that makes up for it.
 * `replay`: apply it again, after a repair. `reopen`: what was decided does not hold. Serials will bring one more.
 */
export const deskActionSchema = z.enum(['accept', 'correct', 'replay', 'reopen']);
export type DeskAction = z.infer<typeof deskActionSchema>;

/** A trouble in the words of the shop, and what can sensibly be done about it. */
export type Cause = {
  readonly about: TroubleSubject;
  /** What happened, in one sentence. */
  readonly sentence: string;
  /** What to look at, or what an action comes to, in one sentence. */
  readonly advice: string;
  readonly actions: readonly DeskAction[];
};

const KEEP = ['accept'] as const;
const KEEP_OR_CORRECT = ['accept', 'correct'] as const;
const REPAIR = ['replay', 'accept', 'correct'] as const;

/** Every code that the server can give, once, for terminals, office and server alike. */
export const CAUSES: Readonly<Record<TroubleCode, Cause>> = {
  ticket_sums_differ: {
    about: 'money',
    sentence: 'The figures on this ticket do not add up.',
    advice: 'Compare it with the printed receipt; refund and sell again where the customer paid a wrong sum.',
    actions: KEEP_OR_CORRECT,
  },
  ticket_chain_broken: {
    about: 'money',
    sentence: 'This ticket does not follow on the one before it on its till.',
    advice:
      'Look at the tickets around it: one may be missing, or may have been changed after it was printed.',
    actions: KEEP,
  },
  receipt_number_gap: {
    about: 'money',
    sentence: 'A receipt number was left out before this one.',
    advice: 'Find out where the missing receipt went; it may still come from a copy of the till.',
    actions: KEEP,
  },
  receipt_number_repeated: {
    about: 'money',
    sentence: 'Another receipt has this number as well.',
    advice: 'Both sales count. Note which is which for whoever keeps the books.',
    actions: KEEP,
  },
  unknown_day: {
    about: 'money',
    sentence: 'It belongs to a sales day that this till never opened.',
    advice: 'It counts, but in no day of this till. Count its takings by hand where they belong.',
    actions: KEEP_OR_CORRECT,
  },
  day_already_closed: {
    about: 'money',
    sentence: 'Its sales day had been closed before.',
    advice: 'It is not in the Z report of that day. Add it where the day is booked.',
    actions: KEEP_OR_CORRECT,
  },
  second_open_day: {
    about: 'money',
    sentence: 'Another sales day of the same person or till was still open.',
    advice: 'Close the other day, and count both drawers.',
    actions: KEEP,
  },
  z_differs: {
    about: 'money',
    sentence: 'The server adds this sales day up to other figures than its Z report.',
    advice: 'Compare the report with the day’s tickets; what the server received stays as it is.',
    actions: KEEP_OR_CORRECT,
  },
  unknown_user: {
    about: 'people',
    sentence: 'The office does not know the person who did or approved it.',
    advice: 'Ask at the till who it was.',
    actions: KEEP_OR_CORRECT,
  },
  user_disabled: {
    about: 'people',
    sentence: 'The person who did or approved it had been disabled before.',
    advice: 'Find out who used that PIN.',
    actions: KEEP_OR_CORRECT,
  },
  not_permitted: {
    about: 'people',
    sentence: 'Neither the person nor an approver may do this.',
    advice: 'Check it with them; give the permission if it should be theirs.',
    actions: KEEP_OR_CORRECT,
  },
  unknown_variant: {
    about: 'stock',
    sentence: 'It names goods that are not in the catalogue.',
    advice: 'The sale counts, and so does its stock. Add the goods, or correct what was sold.',
    actions: KEEP_OR_CORRECT,
  },
  unknown_payment_type: {
    about: 'money',
    sentence: 'It was paid by a means of payment that the office does not have.',
    advice: 'Add the means of payment again, or note what was really given.',
    actions: KEEP_OR_CORRECT,
  },
  unknown_category: {
    about: 'money',
    sentence: 'It was sold under a sales category that the office does not have.',
    advice: 'Add the category again, so that reports find these sales.',
    actions: KEEP_OR_CORRECT,
  },
  unknown_location: {
    about: 'place',
    sentence: 'It happened at a location that the office does not have.',
    advice: 'Find out where the till stood.',
    actions: KEEP,
  },
  terminal_revoked: {
    about: 'place',
    sentence: 'It was done after the till was taken out of service.',
    advice: 'Find out where the till is, and who used it.',
    actions: KEEP_OR_CORRECT,
  },
  clock_offset: {
    about: 'clock',
    sentence: 'The clock of the till was wrong.',
    advice: 'Set the clock. The order of what happened is kept, but its times may be wrong.',
    actions: KEEP,
  },
  terminal_forked: {
    about: 'copies',
    sentence: 'Two copies of this till told different things.',
    advice: 'Choose the machine that is to go on, and bring the others in under new names.',
    actions: KEEP,
  },
  terminal_cloned: {
    about: 'copies',
    sentence: 'Another copy of this till went on meanwhile.',
    advice: 'Choose the machine that is to go on, and bring the others in under new names.',
    actions: KEEP,
  },
  terminal_restored: {
    about: 'copies',
    sentence: 'The records of this till were put back from an old copy.',
    advice: 'It has fetched what it lacked. Make sure that no second copy of it is in use.',
    actions: KEEP,
  },
  told_by_copy: {
    about: 'copies',
    sentence: 'Only a copy of the till had recorded this.',
    advice: 'It counts. Make sure that the same sale was not rung on the other copy too.',
    actions: KEEP_OR_CORRECT,
  },
  unknown_exception: {
    about: 'program',
    sentence: 'Somebody decided about something that the server never flagged or set aside.',
    advice: 'The decision is kept. Nothing else was changed by it.',
    actions: KEEP,
  },
  unknown_correction: {
    about: 'program',
    sentence: 'The correction that was named in a decision never came.',
    advice: 'The decision is kept. Find out whether the correction was posted at all.',
    actions: KEEP,
  },
  malformed: {
    about: 'program',
    sentence: 'The server could not read it.',
    advice: 'Tell support. When the server has been repaired it can be applied again.',
    actions: REPAIR,
  },
  unknown_kind: {
    about: 'program',
    sentence: 'The server is too old for this kind of entry.',
    advice: 'Have the server upgraded, then apply it again.',
    actions: REPAIR,
  },
  hash_mismatch: {
    about: 'program',
    sentence: 'It was changed after the till had recorded it.',
    advice: 'It does not count and never will. Find out what happened, and enter it anew if it is true.',
    actions: KEEP_OR_CORRECT,
  },
  chain_broken: {
    about: 'program',
    sentence: 'It does not follow on what the till recorded before it.',
    advice: 'It does not count and never will. Find out what happened, and enter it anew if it is true.',
    actions: KEEP_OR_CORRECT,
  },
  wrong_terminal: {
    about: 'copies',
    sentence: 'It names another till than the one that sent it.',
    advice: 'It does not count and never will. Find out what happened, and enter it anew if it is true.',
    actions: KEEP_OR_CORRECT,
  },
  wrong_seq: {
    about: 'program',
    sentence: 'It stands at another place than it says.',
    advice: 'It does not count and never will. Find out what happened, and enter it anew if it is true.',
    actions: KEEP_OR_CORRECT,
  },
  duplicate_op_id: {
    about: 'copies',
    sentence: 'An entry of the same number was taken in before.',
    advice: 'It does not count a second time. Enter it anew if it was another one.',
    actions: KEEP_OR_CORRECT,
  },
  duplicate_fact: {
    about: 'copies',
    sentence: 'The same ticket, day or stock movement was reported before.',
    advice: 'It does not count a second time. Enter it anew if it was another one.',
    actions: KEEP_OR_CORRECT,
  },
  depends_on_quarantined: {
    about: 'money',
    sentence: 'It waits because the opening of its sales day was set aside.',
    advice: 'Settle the opening of the day; what waits for it is applied with it.',
    actions: REPAIR,
  },
  not_applicable: {
    about: 'program',
    sentence: 'The server could not enter it in its books.',
    advice: 'Tell support. When the server has been repaired it can be applied again.',
    actions: REPAIR,
  },
};

/** Whether what was set aside for this reason may become true by a repair. */
export const isRepairable = (code: TroubleCode): boolean => CAUSES[code].actions.includes('replay');

/** Which kind of trouble a code tells of. */
export const kindOfTrouble = (code: TroubleCode): TroubleKind =>
  quarantineCodeSchema.safeParse(code).success ? 'quarantined' : 'flagged';
