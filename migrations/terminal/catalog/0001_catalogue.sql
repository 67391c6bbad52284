-- What the server told this terminal. Disposable: thrown away and fetched again when damaged.

CREATE TABLE item (
  item_id INTEGER PRIMARY KEY,
  variant_id TEXT NOT NULL UNIQUE,
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  unit_price_micro INTEGER NOT NULL,
  category TEXT NOT NULL,
  tax_class TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  -- JSON list, as it came; the table below finds by it.
  barcodes TEXT NOT NULL,
  -- Which fill of the catalogue last named this row.
  generation INTEGER NOT NULL
) STRICT;
-- Serves both the exact spelling and the one in the other case: shops have `m` beside `M`.
CREATE INDEX item_by_sku ON item (sku COLLATE NOCASE);

CREATE TABLE barcode (
  code TEXT NOT NULL,
  item_id INTEGER NOT NULL REFERENCES item (item_id),
  PRIMARY KEY (code, item_id)
) STRICT, WITHOUT ROWID;

-- Words of the names of active items, folded and separated by our own rule before they come here. The `ascii`
-- tokenizer splits at nothing else: it takes every character beyond ASCII as a letter. A beginning that the index
-- does not have costs 10 ms for each 140,000 rows that it means, so it has those up to five letters: at 1,000,000
-- items a search takes 4 ms (p99) instead of 24, for 9 MB and a sixth more time to fill.
CREATE VIRTUAL TABLE item_search USING fts5 (
  words,
  content = '',
  contentless_delete = 1,
  detail = none,
  prefix = '1 2 3 4 5',
  tokenize = 'ascii'
);
-- Fewer and larger merges: a fill is a quarter quicker, a search stays below 2 ms (400,000 items).
INSERT INTO item_search (item_search, rank) VALUES ('automerge', 16);

CREATE TABLE reference (
  entity TEXT NOT NULL,
  key TEXT NOT NULL,
  -- JSON, checked by the schema of its entity before it came here.
  document TEXT NOT NULL,
  generation INTEGER NOT NULL,
  PRIMARY KEY (entity, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE pull_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  cursor TEXT,
  generation INTEGER NOT NULL DEFAULT 1,
  -- A full refill is under way: rows of older generations go when it ends.
  refilling INTEGER NOT NULL DEFAULT 0 CHECK (refilling IN (0, 1)),
  items INTEGER NOT NULL DEFAULT 0,
  pulled_at TEXT,
  -- When each table was last found to be what the server has.
  compared_at TEXT
) STRICT;
INSERT INTO pull_state (id) VALUES (1);

-- Rows that came but could not be understood, until a good one comes.
CREATE TABLE pull_fault (
  entity TEXT NOT NULL,
  key TEXT NOT NULL,
  detail TEXT NOT NULL,
  generation INTEGER NOT NULL,
  PRIMARY KEY (entity, key)
) STRICT, WITHOUT ROWID;
