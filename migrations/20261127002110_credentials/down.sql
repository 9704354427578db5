ALTER TABLE users DROP COLUMN password_changed_at, DROP COLUMN password_is_short;
DROP TABLE sign_in_tickets;
DROP TABLE passkey_challenges;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
DROP TABLE authenticators;
