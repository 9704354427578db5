DROP FUNCTION begin_factor_reset(uuid, uuid, timestamptz, timestamptz, timestamptz, timestamptz);
ALTER TABLE users DROP COLUMN factors_reset_at;
DELETE FROM login_links WHERE purpose = 'factor_reset';
ALTER TABLE login_links DROP COLUMN opens_at;
ALTER TABLE login_links DROP CONSTRAINT login_links_purpose_check;
ALTER TABLE login_links ADD CONSTRAINT login_links_purpose_check CHECK (purpose IN ('sign_in', 'recovery'));
