import type { Stranger } from '../stranger.ts';
import type { CentreView } from './centre-view.ts';
import type { Find } from './names.ts';

/** What a stranger told was taken or set aside, each by itself: nonsense blocks nothing behind it. */
export function checkStranger({ told, terminal_id, shop }: Stranger, centre: CentreView, find: Find): void {
  const rows = centre.journal.filter((row) => row.terminal_id === terminal_id());
  const found = new Map(rows.map((row) => [row.seq, row]));
  for (const [seq, wanted] of told) {
    const row = found.get(seq);
    const is = row?.verdict === 'quarantined' ? 'quarantined' : row && 'applied';
    if (is !== wanted)
      find(12, `the stranger of ${shop.letter}: ${seq} is ${is} (${row?.code}), not ${wanted}`);
  }
}
