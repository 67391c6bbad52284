-- Who is signed in, and who typed wrong PINs. The people themselves are pulled into the catalogue.

CREATE TABLE session (
  -- SHA-256 of the token, so that a copied file opens nothing.
  token_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  started_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pin_failure (
  user_id TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
