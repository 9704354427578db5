ALTER TABLE organisation_settings
  ADD COLUMN replaces integer NOT NULL DEFAULT 0 CHECK (replaces BETWEEN 0 AND version - 1);
-- The owner sees no row while row-level security is forced.
ALTER TABLE organisation_settings NO FORCE ROW LEVEL SECURITY;
UPDATE organisation_settings SET replaces = version - 1;
ALTER TABLE organisation_settings FORCE ROW LEVEL SECURITY;
