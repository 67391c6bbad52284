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
-- chain is the last row; there is no counter beside it that could disagree.
CREATE TABLE operation (
  seq INTEGER PRIMARY KEY CHECK (seq >= 1),
  epoch INTEGER NOT NULL,
  op_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  occurred_at TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  monotonic_ms INTEGER NOT NULL,
  content TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER operation_is_dense BEFORE INSERT ON operation
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM operation), 0)
BEGIN SELECT raise(ABORT, 'operation.seq must be dense'); END;
CREATE TRIGGER operation_no_update BEFORE UPDATE ON operation
BEGIN SELECT raise(ABORT, 'operation is append-only'); END;
CREATE TRIGGER operation_no_delete BEFORE DELETE ON operation
BEGIN SELECT raise(ABORT, 'operation is append-only'); END;

CREATE TABLE sync_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  acked_seq INTEGER NOT NULL DEFAULT 0,
  safe_seq INTEGER NOT NULL DEFAULT 0 CHECK (safe_seq <= acked_seq),
  server_epoch TEXT,
  contact_at TEXT,
  -- Why nothing may be sent any more (another history under this terminal's name), in plain words.
  stopped TEXT
) STRICT;
INSERT INTO sync_state (id) VALUES (1);

-- Only what was not plainly applied: such rows are for people to look at.
CREATE TABLE verdict (
  seq INTEGER PRIMARY KEY REFERENCES operation (seq),
  verdict TEXT NOT NULL CHECK (verdict IN ('applied_flagged', 'quarantined')),
  -- JSON, a verdict as the contract has it.
  document TEXT NOT NULL
) STRICT;
CREATE INDEX verdict_by_kind ON verdict (verdict);
