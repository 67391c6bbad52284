-- When this terminal heard that the office took it out of service; null while it may sell.
ALTER TABLE terminal ADD COLUMN revoked_at TEXT;
