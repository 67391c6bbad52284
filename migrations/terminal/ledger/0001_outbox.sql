-- Who this terminal is, what happened on it, and how far the server knows.

CREATE TABLE terminal (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  terminal_id TEXT NOT NULL,
  terminal_code TEXT NOT NULL,
  name TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  server_url TEXT NOT NULL,
  -- JSON, as enrolment told it; the pulled location takes its place once there is one.
  location TEXT NOT NULL,
  enrolled_at TEXT NOT NULL
) STRICT;

-- `content` is the canonical JSON that the hash covers: the operation without its two hashes. The head of the
-- chain is the last row; there is no counter beside it that could disagree. Rows of other tables name an operation
-- without a foreign key: it goes when it is old and safe at the server, what it did stays.
CREATE TABLE operation (
  seq INTEGER PRIMARY KEY CHECK (seq >= 1),
  epoch INTEGER NOT NULL,
  op_id TEXT NOT NULL,
  -- The operation that this one tells again under another epoch or name; null for what happened.
  again_of INTEGER,
  kind TEXT NOT NULL,
  occurred_at TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  monotonic_ms INTEGER NOT NULL,
  content TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX operation_once ON operation (op_id) WHERE again_of IS NULL;

CREATE TRIGGER operation_is_dense BEFORE INSERT ON operation
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM operation), 0)
BEGIN SELECT raise(ABORT, 'operation.seq must be dense'); END;
CREATE TRIGGER operation_no_update BEFORE UPDATE ON operation
BEGIN SELECT raise(ABORT, 'operation is append-only'); END;
CREATE TRIGGER operation_no_delete BEFORE DELETE ON operation
WHEN OLD.seq > (SELECT pruned_seq FROM sync_state)
BEGIN SELECT raise(ABORT, 'operation is append-only'); END;

CREATE TABLE sync_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- The chain of this epoch begins behind it.
  after_seq INTEGER NOT NULL DEFAULT 0,
  acked_seq INTEGER NOT NULL DEFAULT 0,
  safe_seq INTEGER NOT NULL DEFAULT 0 CHECK (safe_seq <= acked_seq),
  -- Operations up to here were removed.
  pruned_seq INTEGER NOT NULL DEFAULT 0 CHECK (pruned_seq <= safe_seq),
  server_epoch TEXT,
  contact_at TEXT,
  -- What the server gave with its last acknowledgement, to be shown with the next push.
  nonce TEXT,
  -- The file with the key of this epoch.
  key_file TEXT NOT NULL DEFAULT 'terminal.key',
  -- How far this terminal has heard of verdicts that changed.
  verdict_changes INTEGER NOT NULL DEFAULT 0,
  -- JSON: why nothing is recorded or sent until people have looked, or the till has fetched back what it lost.
  standstill TEXT,
  -- JSON: what happened that people should know, until somebody has read it.
  notice TEXT
) STRICT;
INSERT INTO sync_state (id) VALUES (1);

-- How far operations were safe when the server's day began: what tells how long they have been kept since.
CREATE TABLE safe_on (
  server_date TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where the server said that a series of this terminal stands: its next number is above that, too.
CREATE TABLE told_series (
  series TEXT PRIMARY KEY,
  last_number INTEGER NOT NULL,
  last_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Only what was not plainly applied: such rows are for people to look at.
CREATE TABLE verdict (
  seq INTEGER PRIMARY KEY,
  verdict TEXT NOT NULL CHECK (verdict IN ('applied_flagged', 'quarantined')),
  -- JSON, a verdict as the contract has it.
  document TEXT NOT NULL
) STRICT;
CREATE INDEX verdict_by_kind ON verdict (verdict);

-- What was decided here about operations that the server flagged or set aside: told in operation `seq`. What the server
-- says about them is in `verdict`.

CREATE TABLE exception_decision (
  seq INTEGER PRIMARY KEY,
  decision_id TEXT NOT NULL UNIQUE,
  -- The operation that it is about, and the reason for which that one was flagged or set aside.
  op_id TEXT NOT NULL,
  code TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('accepted', 'corrected')),
  note TEXT NOT NULL,
  by_op_id TEXT,
  by_receipt_number TEXT,
  user_id TEXT NOT NULL,
  approver_id TEXT,
  decided_at TEXT NOT NULL,
  CHECK ((action = 'corrected') = (by_op_id IS NOT NULL))
) STRICT;

CREATE TRIGGER exception_decision_no_update BEFORE UPDATE ON exception_decision
BEGIN SELECT raise(ABORT, 'exception_decision is append-only'); END;
CREATE TRIGGER exception_decision_no_delete BEFORE DELETE ON exception_decision
BEGIN SELECT raise(ABORT, 'exception_decision is append-only'); END;
