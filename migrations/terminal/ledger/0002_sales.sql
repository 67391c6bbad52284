-- Sales days, carts and tickets.

CREATE TABLE day (
  day_id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  business_date TEXT NOT NULL,
  currency TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  float_minor INTEGER NOT NULL,
  -- JSON of the counts by denomination, where they were counted so.
  float_count TEXT,
  closed_count TEXT,
  reason TEXT,
  z_number INTEGER UNIQUE,
  counted_minor INTEGER,
  -- JSON of the Z report.
  z TEXT,
  CHECK ((state = 'closed') = (z IS NOT NULL AND z_number IS NOT NULL AND counted_minor IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX day_one_open_per_terminal ON day (state) WHERE state = 'open';
CREATE UNIQUE INDEX day_one_open_per_user ON day (opened_by) WHERE state = 'open';

CREATE TRIGGER day_stays_closed BEFORE UPDATE ON day WHEN OLD.state = 'closed'
BEGIN SELECT raise(ABORT, 'a closed day never changes'); END;
CREATE TRIGGER day_no_delete BEFORE DELETE ON day
BEGIN SELECT raise(ABORT, 'a day is never deleted'); END;

CREATE TABLE cart (
  ticket_id TEXT PRIMARY KEY,
  day_id TEXT NOT NULL REFERENCES day (day_id),
  state TEXT NOT NULL CHECK (state IN ('open', 'held')),
  label TEXT,
  -- JSON of the head, and of who allowed what in it.
  head TEXT NOT NULL,
  consents TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cart_one_open ON cart (state) WHERE state = 'open';

CREATE TABLE cart_line (
  line_id TEXT PRIMARY KEY,
  ticket_id TEXT NOT NULL REFERENCES cart (ticket_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  -- A removed line is remembered until its cart goes, so that a repeated call does not bring it back.
  removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
  -- JSON of what was asked for when it was added, and of the line as it is.
  request TEXT NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (ticket_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_aborted (
  ticket_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  day_id TEXT NOT NULL REFERENCES day (day_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_aborted_by_day ON ticket_aborted (day_id);

-- The figures that are added up and searched. The ticket itself is in its operation, once, and moves to `old_ticket`
-- when that is removed. The last row of a series has its last number and hash, the last row of a currency its
-- perpetual total.
CREATE TABLE ticket (
  seq INTEGER PRIMARY KEY,
  ticket_id TEXT NOT NULL UNIQUE,
  day_id TEXT NOT NULL REFERENCES day (day_id),
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'refund')),
  series TEXT NOT NULL,
  number INTEGER NOT NULL,
  receipt_number TEXT NOT NULL,
  -- The receipt that a refund names.
  original TEXT,
  currency TEXT NOT NULL,
  gross_minor INTEGER NOT NULL,
  discount_minor INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  total_minor INTEGER NOT NULL,
  rounding_minor INTEGER NOT NULL,
  perpetual_minor INTEGER NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (series, number)
) STRICT;
CREATE INDEX ticket_by_day ON ticket (day_id);
CREATE UNIQUE INDEX ticket_by_receipt ON ticket (receipt_number);
CREATE INDEX ticket_by_original ON ticket (original) WHERE original IS NOT NULL;

-- The body of the operation that completed a ticket, once that has been removed, as it was told: JSON after zstd.
CREATE TABLE old_ticket (
  seq INTEGER PRIMARY KEY,
  kind_version INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TRIGGER old_ticket_no_update BEFORE UPDATE ON old_ticket
BEGIN SELECT raise(ABORT, 'old_ticket is append-only'); END;
CREATE TRIGGER old_ticket_no_delete BEFORE DELETE ON old_ticket
BEGIN SELECT raise(ABORT, 'old_ticket is append-only'); END;

CREATE TABLE ticket_line (
  seq INTEGER NOT NULL REFERENCES ticket (seq),
  line_no INTEGER NOT NULL,
  line_id TEXT NOT NULL UNIQUE,
  variant_id TEXT NOT NULL,
  category TEXT NOT NULL,
  department TEXT NOT NULL,
  quantity_milli INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  PRIMARY KEY (seq, line_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_tax (
  seq INTEGER NOT NULL REFERENCES ticket (seq),
  code TEXT NOT NULL,
  rate_ppm INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  PRIMARY KEY (seq, code, rate_ppm)
) STRICT, WITHOUT ROWID;

-- `amount_minor` is net of change: what stayed.
CREATE TABLE tender (
  seq INTEGER NOT NULL REFERENCES ticket (seq),
  tender_no INTEGER NOT NULL,
  payment_type TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('cash', 'card', 'voucher', 'account')),
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (seq, tender_no)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ticket_no_update BEFORE UPDATE ON ticket
BEGIN SELECT raise(ABORT, 'ticket is append-only'); END;
CREATE TRIGGER ticket_no_delete BEFORE DELETE ON ticket
BEGIN SELECT raise(ABORT, 'ticket is append-only'); END;
CREATE TRIGGER ticket_line_no_update BEFORE UPDATE ON ticket_line
BEGIN SELECT raise(ABORT, 'ticket_line is append-only'); END;
CREATE TRIGGER ticket_line_no_delete BEFORE DELETE ON ticket_line
BEGIN SELECT raise(ABORT, 'ticket_line is append-only'); END;
CREATE TRIGGER ticket_tax_no_update BEFORE UPDATE ON ticket_tax
BEGIN SELECT raise(ABORT, 'ticket_tax is append-only'); END;
CREATE TRIGGER ticket_tax_no_delete BEFORE DELETE ON ticket_tax
BEGIN SELECT raise(ABORT, 'ticket_tax is append-only'); END;
CREATE TRIGGER tender_no_update BEFORE UPDATE ON tender
BEGIN SELECT raise(ABORT, 'tender is append-only'); END;
CREATE TRIGGER tender_no_delete BEFORE DELETE ON tender
BEGIN SELECT raise(ABORT, 'tender is append-only'); END;
CREATE TRIGGER ticket_aborted_no_update BEFORE UPDATE ON ticket_aborted
BEGIN SELECT raise(ABORT, 'ticket_aborted is append-only'); END;
CREATE TRIGGER ticket_aborted_no_delete BEFORE DELETE ON ticket_aborted
BEGIN SELECT raise(ABORT, 'ticket_aborted is append-only'); END;
