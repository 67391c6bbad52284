-- Operations that were read out of a damaged ledger and do not follow on this one. They are told again to the server as
-- soon as it has said where it stands, and go from here in the same commit.
CREATE TABLE salvaged (
  hash TEXT PRIMARY KEY,
  terminal_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  op_id TEXT NOT NULL,
  content TEXT NOT NULL,
  prev_hash TEXT NOT NULL
) STRICT;
