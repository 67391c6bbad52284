-- When this catalogue was last found to be what the server has, table by table.
ALTER TABLE pull_state ADD COLUMN compared_at TEXT;
