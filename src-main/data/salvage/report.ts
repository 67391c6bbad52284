import type { SalvageSummary } from '#shared/contract/recovery.ts';
import { formatMoney } from '#shared/sales/money.ts';

/** What is done with the ledger that a salvage has made. */
export type Outcome =
  /** It is whole, or a copy with everything added that follows on it. */
  | { readonly kind: 'ledger'; readonly last_seq: number; readonly added: number; readonly waiting: number }
  /** It knows no till: what was read waits in it for one. */
  | { readonly kind: 'for_new_till'; readonly waiting: number }
  | { readonly kind: 'nothing' };

type Salvaged = {
  readonly from: string;
  readonly found: SalvageSummary;
  readonly hasChanged: boolean;
  readonly outcome: Outcome;
};

/** What was saved, what is missing and what to do next, in plain words. */
export const salvageReport = (salvaged: Salvaged): string =>
  [...whatWasRead(salvaged), '', ...whatToDo(salvaged)].join('\n');

function whatWasRead({ from, found, hasChanged }: Salvaged): string[] {
  const { terminal, missing, sums, last_receipt } = found;
  if (found.operations === 0) return [`Nothing could be read of ${from}.`];
  return [
    `Read from ${from}, which was not changed.`,
    '',
    `Till:        ${terminal ? `${terminal.name} (${terminal.terminal_code})` : 'could not be read'}`,
    `Operations:  ${found.operations}, numbers ${rangesText(found.runs)}`,
    `Missing:     ${missing.length === 0 ? 'none between them' : rangesText(missing)}`,
    `Last one:    ${found.last_at ?? 'none'}`,
    `Tickets:     ${found.tickets}${last_receipt === null ? '' : `, the last one with receipt ${last_receipt}`}`,
    ...sums.map(
      ({ currency, total_minor }) => `Sum:         ${currency} ${formatMoney(total_minor, currency)}`,
    ),
    '',
    'What was recorded after the last one that could be read, nobody can tell.',
    ...(hasChanged
      ? ['The file was written to meanwhile: end Tilldock on that till and do this again.']
      : []),
  ];
}

function whatToDo({ outcome, found }: Salvaged): string[] {
  switch (outcome.kind) {
    case 'nothing':
      return [
        'Put the newest good copy of the ledger back, or begin anew with a code of a manager’s: the screen of the till',
        'offers both. What the server has comes back from there.',
      ];
    case 'ledger':
      return [
        `ledger.db in this folder is a ledger up to operation ${outcome.last_seq}.${outcome.added > 0 ? ` ${outcome.added} of them come from the damaged one.` : ''}`,
        ...(outcome.waiting > 0
          ? [`${outcome.waiting} more follow behind a gap: they wait in it, and are told to the server.`]
          : []),
        '1. End Tilldock on the till. Move its ledger.db away, with ledger.db-wal and ledger.db-shm. Delete nothing.',
        '2. Put this ledger.db in its place and start Tilldock. It sells when the server has said what it knows.',
      ];
    case 'for_new_till':
      return [
        'What was read does not make a till by itself. ledger.db in this folder holds it for one:',
        '1. End Tilldock on the till. Move its ledger.db away, with ledger.db-wal and ledger.db-shm. Delete nothing.',
        `2. Put this ledger.db in its place, start Tilldock, and enrol it with a code that a manager makes for ${found.terminal?.terminal_code ?? 'this till'}:`,
        '   in the office, under “Terminals”. Receipt numbers go on above those that the server knows.',
        `3. All ${outcome.waiting} operations are then sent. Those that the server has already count once.`,
        'Is there a copy of the ledger? Name it with --copy: then less has to be sent.',
      ];
  }
}

const rangesText = (ranges: SalvageSummary['runs']): string =>
  ranges.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
