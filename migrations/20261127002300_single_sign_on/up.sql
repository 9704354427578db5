-- The provider that an organisation trusts to say who its people are; one at most. Its secret is sealed with the key ring.
CREATE TABLE identity_providers (
  network_id uuid NOT NULL REFERENCES networks,
  organisation_id uuid NOT NULL,
  provider_id uuid NOT NULL UNIQUE,
  version integer NOT NULL CHECK (version > 0),
  -- typed on the sign-in page, where no network is known yet
  short_name text NOT NULL UNIQUE CHECK (short_name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(short_name) BETWEEN 3 AND 40),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  issuer text NOT NULL,
  client_id text NOT NULL,
  secret_key_id text NOT NULL,
  sealed_secret bytea NOT NULL,
  scopes text[] NOT NULL,
  strong_acr text[] NOT NULL,
  strong_amr text[] NOT NULL,
  enabled boolean NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, organisation_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations
);
ALTER TABLE identity_providers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_providers_app ON identity_providers TO trellis_app
  USING (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()));
CREATE POLICY identity_providers_platform ON identity_providers FOR SELECT TO trellis_platform USING (true);
GRANT SELECT, INSERT, UPDATE ON identity_providers TO trellis_app;
GRANT SELECT ON identity_providers TO trellis_platform;

-- Who a login is at a provider. Made by the login's owner, signed in by their own credentials; never by an address alone.
CREATE TABLE federated_identities (
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES users,
  connected_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX federated_identities_user ON federated_identities (user_id);

-- A sign-in that is under way at a provider: for ten minutes, answered once, and only to the browser that began it. What it
-- has proved stays for as long as its owner may take to connect it.
CREATE TABLE sign_in_ceremonies (
  state_hash bytea PRIMARY KEY,
  browser_hash bytea NOT NULL,
  provider_id uuid NOT NULL,
  after text NOT NULL,
  expires_at timestamptz NOT NULL,
  answered_at timestamptz,
  issuer text,
  subject text,
  shown text,
  CHECK ((issuer IS NULL) = (subject IS NULL) AND (subject IS NULL OR answered_at IS NOT NULL))
);
CREATE INDEX sign_in_ceremonies_browser ON sign_in_ceremonies (browser_hash);
GRANT SELECT, INSERT, UPDATE, DELETE ON federated_identities, sign_in_ceremonies TO trellis_platform;

-- By whose word a session was opened: it acts for memberships of that provider's organisation only.
ALTER TABLE sessions ADD COLUMN provider_id uuid;
