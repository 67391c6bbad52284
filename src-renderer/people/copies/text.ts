import type { Notice, Standstill } from '#shared/contract/till.ts';

type Words = { readonly title: string; readonly lead: string; readonly steps: readonly string[] };

const CODE_FOR_THIS_ONE =
  'Decide which machine is to go on as this till. There, enter the code that a manager makes for this till: in the office, under “Terminals”.';
const CODE_FOR_THE_OTHER =
  'On the other machine, enter an ordinary code for a new till. Each then sends what the server does not have yet.';

/** What happened to how many things; `count` is the number as it is shown. */
type Told = (number: number, count: string) => string;

/** The words for none, for one and for many, with what became of them. */
type Things = { none: string; one: string; many: string; became: string };

function things(number: number, count: string, { none, one, many, became }: Things): string {
  if (number === 0) return none;
  return number === 1 ? `One thing ${one} ${became}.` : `${count} things ${many} ${became}.`;
}

/** The words for a till that is not alone, or was put back to an earlier moment. */
export const copiesText = {
  standstills: {
    forked: {
      title: 'Two copies of this till are in use',
      lead: 'This machine and another one have sold different things as the same till. Nothing can be sold on either of them until a manager has decided which one goes on, so that no sale is lost or counted twice.',
      steps: [
        'Find the other machine: its disk was copied from this one, or this one’s from it. If there is none, an old copy of this till’s files was put back.',
        CODE_FOR_THIS_ONE,
        CODE_FOR_THE_OTHER,
      ],
    },
    cloned: {
      title: 'A copy of this till went on without it',
      lead: 'Another machine works as the same till. Nothing can be sold on either of them until a manager has decided which one goes on, so that no sale is lost or counted twice.',
      steps: [
        'Find the other machine: its disk was copied from this one, or this one’s from it.',
        CODE_FOR_THIS_ONE,
        CODE_FOR_THE_OTHER,
      ],
    },
    replaced: {
      title: 'Another machine goes on as this till',
      lead: 'A manager has let another machine go on under the name of this till. This one may not sell under it any more.',
      steps: [
        'Is the other machine the right one? Then enter an ordinary code for a new till here, to sell on this machine too. What was sold here and the server does not have is then sent under the new name.',
        'Should this machine have gone on? Then enter the code that a manager makes for this till: in the office, under “Terminals”. The other machine then stops.',
      ],
    },
    catching_up: {
      title: 'This till is fetching what it had done',
      lead: 'Its files were put back from an old copy. What it has done since then is at the server and is being fetched, so that nothing is sold twice under the same receipt number. Selling goes on by itself when it is complete.',
      steps: [
        'Keep this machine switched on and connected. It takes minutes at most.',
        'A ticket that was open is kept.',
      ],
    },
    newer_version: {
      title: 'This till needs a newer Tilldock',
      lead: 'Its files were put back from an old copy, and what it has done since then was done by a newer version. This version cannot read that.',
      steps: [
        'Install the newest version of Tilldock on this machine. It then fetches what is missing, and selling goes on.',
        'Sell at another till for now.',
        'Is there no newer version at hand? Then enter the code that a manager makes for this till: in the office, under “Terminals”. This till then goes on without what it lacks; the server has that.',
      ],
    },
  } satisfies Record<Standstill['code'], Words>,
  since: (till: string, ago: string) => `${till} stopped ${ago}.`,
  kept: (waiting: number, count: string) =>
    waiting === 0
      ? 'The server has everything that was done here.'
      : waiting === 1
        ? 'One thing that was done here is not at the server yet; it is kept.'
        : `${count} things that were done here are not at the server yet; they are kept.`,
  fetched: (count: string) => `${count} fetched so far.`,
  notConnected: 'The server is not reached',
  notConnectedDetail: 'Check the network of this machine. It tries again by itself.',
  tryNow: 'Try again now',
  // a code
  code: 'Code from the manager',
  goOn: 'Go on with this code',
  goingOn: 'Asking the server…',
  wentOn: 'This till goes on.',
  // on the exchange's own page
  strangerTitle: 'Enrol this till again',
  strangerDetail:
    'What was done here is kept, and is sent when this till has a code again. Selling goes on meanwhile.',
  // what happened, for whoever is at the till
  notices: {
    terminal_restored: {
      title: 'The files of this till were put back from an old copy',
      detail: (number, count) =>
        `${things(number, count, {
          none: 'They lacked nothing.',
          one: 'that it had done was',
          many: 'that it had done were',
          became: 'fetched from the server again',
        })} What it had never sent cannot come back: look for receipts that it does not know, and ring them again. Should the machine that the copy came from still be in use, switch it off.`,
    },
    server_restored: {
      title: 'The server was put back from a backup',
      detail: (number, count) =>
        `${things(number, count, {
          none: 'It lost nothing that was done here.',
          one: 'that it lost is',
          many: 'that it lost are',
          became: 'being sent from here again',
        })} There is nothing to do; receipts keep their numbers.`,
    },
    enrolled_again: {
      title: 'This till goes on',
      detail: (number, count) =>
        `${things(number, count, {
          none: 'The server has everything that was done here.',
          one: 'that the server did not have is',
          many: 'that the server did not have are',
          became: 'being sent',
        })} Close the sales day as soon as you can; a manager looks at it.`,
    },
  } satisfies Record<Notice['code'], { title: string; detail: Told }>,
  understood: 'Understood',
} as const;
