-- Stock moves made here, and what they add up to.

CREATE TABLE stock_move (
  move_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sell', 'return', 'adjust')),
  variant_id TEXT NOT NULL,
  quantity_milli INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER stock_move_no_update BEFORE UPDATE ON stock_move
BEGIN SELECT raise(ABORT, 'stock_move is append-only'); END;
CREATE TRIGGER stock_move_no_delete BEFORE DELETE ON stock_move
BEGIN SELECT raise(ABORT, 'stock_move is append-only'); END;

-- The sum of this terminal's moves per variant, kept in the same transaction.
CREATE TABLE stock_level (
  variant_id TEXT PRIMARY KEY,
  quantity_milli INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE adjustment (
  adjustment_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER adjustment_no_update BEFORE UPDATE ON adjustment
BEGIN SELECT raise(ABORT, 'adjustment is append-only'); END;
CREATE TRIGGER adjustment_no_delete BEFORE DELETE ON adjustment
BEGIN SELECT raise(ABORT, 'adjustment is append-only'); END;
