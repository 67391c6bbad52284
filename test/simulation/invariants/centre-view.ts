import type { Look } from '../stage.ts';

export type JournalRow = {
  terminal_id: string;
  epoch: number;
  seq: number;
  op_id: string | null;
  hash: string;
  verdict: 'applied' | 'applied_flagged' | 'applied_before' | 'quarantined';
  code: string | null;
  detail: string | null;
  exceptions: string[] | null;
};
type TicketRow = {
  terminal_id: string;
  ticket_id: string;
  cashier_id: string;
  number: number;
  receipt_number: string;
  currency: string;
  total_minor: number;
  rounding_minor: number;
  change_minor: number;
  line_count: number;
};
type TenderRow = { ticket_id: string; tender_no: number; payment_type_code: string; amount_minor: number };
type LineRow = {
  ticket_id: string;
  line_no: number;
  variant_id: string;
  quantity_milli: number;
  net_minor: number;
};
type MoveRow = {
  terminal_id: string;
  move_id: string;
  location_id: string;
  variant_id: string;
  quantity_milli: number;
};
type LevelRow = { location_id: string; variant_id: string; quantity_milli: number };
type DayRow = { terminal_id: string; day_id: string; z_agrees: boolean | null };
type AbortedRow = { terminal_id: string; ticket_id: string };
type ExceptionRow = { terminal_id: string; epoch: number; seq: number; code: string };
type TerminalRow = {
  terminal_id: string;
  location_id: string;
  epoch: number;
  last_seq: number;
  last_hash: string;
  frozen: boolean;
  revoked: boolean;
};
type BatchRow = { terminal_id: string; epoch: number; first_seq: number; skipped: number; body: string };

/** What the database has of one company, read past every wall. */
export type CentreView = {
  readonly journal: readonly JournalRow[];
  readonly batches: readonly BatchRow[];
  readonly seen: readonly string[];
  readonly terminals: readonly TerminalRow[];
  readonly tickets: readonly TicketRow[];
  readonly lines: readonly LineRow[];
  readonly tenders: readonly TenderRow[];
  readonly aborted: readonly AbortedRow[];
  readonly days: readonly DayRow[];
  readonly moves: readonly MoveRow[];
  readonly levels: readonly LevelRow[];
  readonly exceptions: readonly ExceptionRow[];
  readonly people: readonly string[];
  readonly variants: readonly string[];
};

const PARTS: Readonly<Record<keyof CentreView, string>> = {
  journal: `select terminal_id, epoch, seq, op_id, hash, verdict, code, detail, exceptions
    from journal where company_id = $1 order by terminal_id, epoch, seq`,
  batches: `select terminal_id, epoch, first_seq, skipped, encode(body, 'base64') as body
    from journal_batch where company_id = $1 order by terminal_id, epoch, first_seq`,
  seen: 'select op_id as value from operation_seen where company_id = $1 order by op_id',
  terminals: `select terminal_id, location_id, epoch, last_seq, last_hash, frozen_at is not null as frozen,
      revoked_at is not null as revoked
    from terminal where company_id = $1 order by terminal_id`,
  tickets: `select terminal_id, ticket_id, cashier_id, number, receipt_number, currency, total_minor, rounding_minor,
      change_minor, line_count
    from ticket where company_id = $1 order by terminal_id, number, ticket_id`,
  lines: `select ticket_id, line_no, variant_id, quantity_milli, net_minor
    from ticket_line where company_id = $1 order by ticket_id, line_no`,
  tenders: `select ticket_id, tender_no, payment_type_code, amount_minor
    from tender where company_id = $1 order by ticket_id, tender_no`,
  aborted: 'select terminal_id, ticket_id from aborted_ticket where company_id = $1 order by ticket_id',
  days: 'select terminal_id, day_id, z_agrees from sales_day where company_id = $1 order by day_id',
  moves: `select terminal_id, move_id, location_id, variant_id, quantity_milli
    from stock_move where company_id = $1 order by move_id`,
  levels: `select location_id, variant_id, quantity_milli from stock_level
    where company_id = $1 order by location_id, variant_id`,
  exceptions: `select terminal_id, epoch, seq, code from exception
    where company_id = $1 order by terminal_id, epoch, seq, code`,
  people: 'select user_id as value from app_user where company_id = $1 order by user_id',
  variants: 'select variant_id as value from variant where company_id = $1 order by variant_id',
};

const VIEW = `select json_build_object(${Object.entries(PARTS)
  .map(([name, sql]) => {
    const of = name === 'seen' || name === 'people' || name === 'variants' ? 'part.value' : 'to_jsonb(part)';
    return `'${name}', (select coalesce(json_agg(${of}), '[]') from (${sql}) as part)`;
  })
  .join(', ')}) as view`;

export async function readCentre(look: Look, companyId: string): Promise<CentreView> {
  const [row] = await look<{ view: CentreView }>(VIEW, [companyId]);
  if (!row) throw new Error('the database told nothing');
  return row.view;
}
