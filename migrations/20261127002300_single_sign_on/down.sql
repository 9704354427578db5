ALTER TABLE sessions DROP COLUMN provider_id;
DROP TABLE sign_in_ceremonies;
DROP TABLE federated_identities;
DROP TABLE identity_providers;
